using System.Text.Json;
using VpcComApi.VirtualMachines.Providers;
using VpcComApi.VirtualMachines.Qemu.Processes;
using VpcComApi.VirtualMachines.Qemu.Qmp;

namespace VpcComApi.VirtualMachines.Qemu.Devices;

/// <summary>
/// Measures a QEMU machine: processor time of its process, which is the guest's and QEMU's own, and what its drives have read and written,
/// as QEMU counts it. QEMU counts no bytes of network cards; those of the internal network are counted by this process. Resets do not clear
/// the counters. The machine's gate is not used, so that a running save does not delay a measurement.
/// </summary>
/// <param name="process">QEMU's process.</param>
/// <param name="control">Its control channel, whose commands have a limit.</param>
/// <param name="cables">The cables of its network cards.</param>
/// <param name="machineName">The machine, for texts.</param>
internal sealed class QemuUsageMeter(QemuProcess process, QmpClient control, QemuNetworkCables cables, string machineName) : IUsageMeter
{
    /// <inheritdoc/>
    public async Task<MachineUsage> MeasureAsync(CancellationToken cancellationToken)
    {
        try
        {
            JsonElement drives = await control.ExecuteAsync("query-blockstats", cancellationToken);
            (long Sent, long Received)? carried = cables.Carried;
            return new MachineUsage(process.ProcessorTime, Sum(drives, "rd_bytes"), Sum(drives, "wr_bytes"))
            {
                NetworkBytesReceived = carried?.Received,
                NetworkBytesSent = carried?.Sent,
            };
        }
        catch (Exception e) when (e is QmpException or IOException)
        {
            throw new VirtualMachineException(
                VirtualMachineError.ProviderFailed, $"The resource usage of '{machineName}' could not be measured: {e.Message}", e);
        }
    }

    private static long Sum(JsonElement drives, string counter) =>
        drives.ValueKind != JsonValueKind.Array ? 0 : drives.EnumerateArray().Sum(drive =>
        drive.ValueKind == JsonValueKind.Object
        && drive.TryGetProperty("stats", out JsonElement stats) && stats.ValueKind == JsonValueKind.Object
        && stats.TryGetProperty(counter, out JsonElement value) && value.TryGetInt64(out long bytes) ? bytes : 0);
}

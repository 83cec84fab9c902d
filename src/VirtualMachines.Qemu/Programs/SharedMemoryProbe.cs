using System.Runtime.InteropServices;
using VpcComApi.VirtualMachines.Qemu.Hardware;
using VpcComApi.VirtualMachines.Qemu.Processes;

namespace VpcComApi.VirtualMachines.Qemu.Programs;

/// <summary>
/// Determines whether this QEMU has a device for memory that is shared with other programs, and whether this system supports such memory.
/// </summary>
internal static class SharedMemoryProbe
{
    /// <summary>Reads the list of QEMU's devices.</summary>
    /// <param name="qemu">QEMU's full path.</param>
    /// <param name="limit">How long it may take.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>False also when it does not answer: machines then work without shared memory.</returns>
    /// <exception cref="VirtualMachineException">QEMU could not be started.</exception>
    public static async Task<bool> FindAsync(string qemu, TimeSpan limit, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        // The guest has an x86 processor: on another processor of the host its order of reads and writes would have to be emulated too.
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            return false;
        }

        ShortRun answer = await ShortRun.RunAsync(
            qemu, ["-device", $"{RingDevices.MemoryDriver},help"], limit, timeProvider, cancellationToken);
        return answer.ExitCode == 0 && answer.Output.Contains("memdev=", StringComparison.Ordinal);
    }
}

using System.Runtime.InteropServices;
using VpcComApi.VirtualMachines.Qemu.Hardware;
using VpcComApi.VirtualMachines.Qemu.Processes;

namespace VpcComApi.VirtualMachines.Qemu.Programs;

/// <summary>
/// Finds out whether this QEMU has a device of memory that is shared with other programs, and this system memory that can be shared so.
/// </summary>
internal static class SharedMemoryProbe
{
    /// <summary>Asks QEMU for its devices.</summary>
    /// <param name="qemu">QEMU's full path.</param>
    /// <param name="limit">How long it may take.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>False also when it does not answer: machines do without then.</returns>
    /// <exception cref="VirtualMachineException">QEMU could not be started.</exception>
    public static async Task<bool> FindAsync(string qemu, TimeSpan limit, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        // The guest's processor is an x86 one: on another its order of reads and writes would have to be emulated, too.
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            return false;
        }

        ShortRun answer = await ShortRun.RunAsync(
            qemu, ["-device", $"{RingDevices.MemoryDriver},help"], limit, timeProvider, cancellationToken);
        return answer.ExitCode == 0 && answer.Output.Contains("memdev=", StringComparison.Ordinal);
    }
}

using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace VpcComApi.VirtualMachines.Emulated.Native;

/// <summary>Signals to processes. Their numbers are Linux's.</summary>
[UnsupportedOSPlatform("windows")]
internal static partial class UnixSignal
{
    /// <summary>SIGCONT: lets a stopped process go on.</summary>
    public const int Continue = 18;

    /// <summary>SIGSTOP: stops a process, which cannot refuse.</summary>
    public const int Stop = 19;

    /// <summary>Sends a signal.</summary>
    /// <param name="processId">The process.</param>
    /// <param name="signal">The signal's number.</param>
    /// <exception cref="Win32Exception">The process is gone, or belongs to somebody else.</exception>
    public static void Send(int processId, int signal)
    {
        if (Kill(processId, signal) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int processId, int signal);
}

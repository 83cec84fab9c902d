using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using VpcComApi.Platform.Linux;

namespace VpcComApi.VirtualMachines.Emulated.Native;

/// <summary>Signals to processes. Their numbers are Linux's.</summary>
[UnsupportedOSPlatform("windows")]
internal static class UnixSignal
{
    /// <summary>SIGCONT: continues a stopped process.</summary>
    public const int Continue = Libc.SIGCONT;

    /// <summary>SIGSTOP: stops a process, which cannot prevent that.</summary>
    public const int Stop = Libc.SIGSTOP;

    /// <summary>Sends a signal.</summary>
    /// <param name="processId">The process.</param>
    /// <param name="signal">The signal's number.</param>
    /// <exception cref="Win32Exception">The process has ended, or belongs to another user.</exception>
    public static void Send(int processId, int signal)
    {
        if (Libc.kill(processId, signal) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }
}

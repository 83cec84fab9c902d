using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.Versioning;
using VpcComApi.Platform.Windows;

namespace VpcComApi.VirtualMachines.Emulated.Native;

/// <summary>Stops all threads of a Windows process and lets them go on, as a debugger does.</summary>
[SupportedOSPlatform("windows")]
internal static class WindowsProcess
{
    /// <summary>Stops all threads of a process. Each stop counts: it takes as many <see cref="Resume"/>.</summary>
    /// <param name="process">The process.</param>
    public static void Suspend(Process process) => ThrowOnError(Ntdll.NtSuspendProcess(process.SafeHandle));

    /// <summary>Takes one <see cref="Suspend"/> back.</summary>
    /// <param name="process">The process.</param>
    public static void Resume(Process process) => ThrowOnError(Ntdll.NtResumeProcess(process.SafeHandle));

    private static void ThrowOnError(int status)
    {
        if (status < 0)
        {
            throw new Win32Exception(Ntdll.RtlNtStatusToDosError(status));
        }
    }
}

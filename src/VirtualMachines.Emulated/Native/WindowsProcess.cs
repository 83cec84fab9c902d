using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.Versioning;
using VpcComApi.Platform.Windows;

namespace VpcComApi.VirtualMachines.Emulated.Native;

/// <summary>Suspends all threads of a Windows process and resumes them, as a debugger does.</summary>
[SupportedOSPlatform("windows")]
internal static class WindowsProcess
{
    /// <summary>
    /// Suspends all threads of a process. Calls are counted: continuing the process needs as many calls of <see cref="Resume"/>.
    /// </summary>
    /// <param name="process">The process.</param>
    public static void Suspend(Process process) => ThrowOnError(Ntdll.NtSuspendProcess(process.SafeHandle));

    /// <summary>Reverts one <see cref="Suspend"/>.</summary>
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

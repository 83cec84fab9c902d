using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace VpcComApi.VirtualMachines.Emulated.Native;

/// <summary>Stops all threads of a Windows process and lets them go on, as a debugger does.</summary>
[SupportedOSPlatform("windows")]
internal static partial class WindowsProcess
{
    /// <summary>Stops all threads of a process. Each stop counts: it takes as many <see cref="Resume"/>.</summary>
    /// <param name="process">The process.</param>
    public static void Suspend(Process process) => ThrowOnError(NtSuspendProcess(process.SafeHandle));

    /// <summary>Takes one <see cref="Suspend"/> back.</summary>
    /// <param name="process">The process.</param>
    public static void Resume(Process process) => ThrowOnError(NtResumeProcess(process.SafeHandle));

    private static void ThrowOnError(int status)
    {
        if (status < 0)
        {
            throw new Win32Exception(RtlNtStatusToDosError(status));
        }
    }

    [LibraryImport("ntdll")]
    private static partial int NtSuspendProcess(SafeHandle process);

    [LibraryImport("ntdll")]
    private static partial int NtResumeProcess(SafeHandle process);

    [LibraryImport("ntdll")]
    private static partial int RtlNtStatusToDosError(int status);
}

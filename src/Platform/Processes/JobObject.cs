using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;
using VpcComApi.Platform.Windows;

namespace VpcComApi.Platform.Processes;

/// <summary>
/// A Windows job whose processes end with it. Windows closes the handle when this process ends in any way, so no guest runs longer than its
/// host, not even a suspended one that could not detect the end of its input.
/// </summary>
[SupportedOSPlatform("windows")]
internal sealed class JobObject : IDisposable
{
    private const int ExtendedLimitInformation = 9;
    private const uint LimitKillOnJobClose = 0x2000;

    private readonly SafeWaitHandle handle;

    /// <summary>Creates an empty job.</summary>
    /// <exception cref="Win32Exception">Windows refused.</exception>
    public JobObject()
    {
        handle = new SafeWaitHandle(Kernel32.CreateJobObject(0, 0), ownsHandle: true);
        if (handle.IsInvalid)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }

        Kernel32.ExtendedLimits limits = new() { LimitFlags = LimitKillOnJobClose };
        if (!Kernel32.SetInformationJobObject(handle, ExtendedLimitInformation, limits, Marshal.SizeOf<Kernel32.ExtendedLimits>()))
        {
            int error = Marshal.GetLastPInvokeError();
            handle.Dispose();
            throw new Win32Exception(error);
        }
    }

    /// <summary>Puts a process into the job.</summary>
    /// <param name="process">The process; its later child processes are in the job too.</param>
    /// <exception cref="Win32Exception">Windows refused, for example because the process has ended.</exception>
    public void Add(Process process)
    {
        if (!Kernel32.AssignProcessToJobObject(handle, process.SafeHandle))
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>Ends the job and all processes in it.</summary>
    public void Dispose() => handle.Dispose();
}

using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;
using VpcComApi.Platform.Windows;

namespace VpcComApi.Platform.Processes;

/// <summary>
/// A Windows job whose processes end with it. Windows closes the handle when our process ends in whatever way, so no guest outlives its
/// host, not even one that is suspended and could not see its input end.
/// </summary>
[SupportedOSPlatform("windows")]
internal sealed class JobObject : IDisposable
{
    private const int ExtendedLimitInformation = 9;
    private const uint LimitKillOnJobClose = 0x2000;

    private readonly SafeWaitHandle handle;

    /// <summary>Makes an empty job.</summary>
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
    /// <param name="process">The process; what it starts later is in the job too.</param>
    /// <exception cref="Win32Exception">Windows refused, for example because the process has ended.</exception>
    public void Add(Process process)
    {
        if (!Kernel32.AssignProcessToJobObject(handle, process.SafeHandle))
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>Ends the job and all that is in it.</summary>
    public void Dispose() => handle.Dispose();
}

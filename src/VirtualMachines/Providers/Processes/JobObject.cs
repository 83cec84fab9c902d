using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace VpcComApi.VirtualMachines.Providers.Processes;

/// <summary>
/// A Windows job whose processes end with it. Windows closes the handle when our process ends in whatever way, so no guest outlives its
/// host, not even one that is suspended and could not see its input end.
/// </summary>
[SupportedOSPlatform("windows")]
public sealed partial class JobObject : IDisposable
{
    private const int ExtendedLimitInformation = 9;
    private const uint LimitKillOnJobClose = 0x2000;

    private readonly SafeWaitHandle handle;

    /// <summary>Makes an empty job.</summary>
    /// <exception cref="Win32Exception">Windows refused.</exception>
    public JobObject()
    {
        handle = new SafeWaitHandle(CreateJobObject(0, 0), ownsHandle: true);
        if (handle.IsInvalid)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }

        ExtendedLimits limits = new() { LimitFlags = LimitKillOnJobClose };
        if (!SetInformationJobObject(handle, ExtendedLimitInformation, limits, Marshal.SizeOf<ExtendedLimits>()))
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
        if (!AssignProcessToJobObject(handle, process.SafeHandle))
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>Ends the job and all that is in it.</summary>
    public void Dispose() => handle.Dispose();

    [LibraryImport("kernel32", EntryPoint = "CreateJobObjectW", SetLastError = true)]
    private static partial nint CreateJobObject(nint attributes, nint name);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool SetInformationJobObject(SafeWaitHandle job, int informationClass, in ExtendedLimits limits, int length);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool AssignProcessToJobObject(SafeWaitHandle job, SafeHandle process);

    /// <summary>JOBOBJECT_EXTENDED_LIMIT_INFORMATION. Its layout is Windows'; only the flags are used.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct ExtendedLimits
    {
        public long PerProcessUserTimeLimit;
        public long PerJobUserTimeLimit;
        public uint LimitFlags;
        public nuint MinimumWorkingSetSize;
        public nuint MaximumWorkingSetSize;
        public uint ActiveProcessLimit;
        public nuint Affinity;
        public uint PriorityClass;
        public uint SchedulingClass;
        public ulong ReadOperationCount;
        public ulong WriteOperationCount;
        public ulong OtherOperationCount;
        public ulong ReadTransferCount;
        public ulong WriteTransferCount;
        public ulong OtherTransferCount;
        public nuint ProcessMemoryLimit;
        public nuint JobMemoryLimit;
        public nuint PeakProcessMemoryUsed;
        public nuint PeakJobMemoryUsed;
    }
}

using System.Runtime.InteropServices;
using VpcComApi.Platform.Linux;

namespace VpcComApi.VpcBus.Linux;

/// <summary>
/// Requests short time slices from Linux. A thread that runs for microseconds at a time with short slices is scheduled before programs that
/// compute (Linux 6.12 and later). So it reacts sooner on a busy machine, without more processor time. No privilege is needed.
/// </summary>
internal static unsafe class ThreadSlice
{
    /// <summary>The shortest slice that Linux supports.</summary>
    private const ulong ShortNanoseconds = 100_000;

    /// <summary>The system's default.</summary>
    private const ulong OrdinaryNanoseconds = 0;

    /// <summary>Sets the slice of the calling thread. Does nothing where the system does not support it.</summary>
    public static void Set(bool isShort)
    {
        (nint set, nint get) = RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => (314, 315),
            Architecture.Arm64 => (274, 275),
            _ => (-1, -1),
        };
        SchedulingAttributes attributes = default;
        nint size = sizeof(SchedulingAttributes);
        if (get > 0 && Libc.syscall(get, 0, &attributes, size, 0) == 0 && attributes.Policy == 0)
        {
            attributes.Runtime = isShort ? ShortNanoseconds : OrdinaryNanoseconds;
            _ = Libc.syscall(set, 0, &attributes, 0, 0);
        }
    }

    /// <summary>The system's <c>sched_attr</c>, of sched_setattr(2). Policy 0 is the ordinary one.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct SchedulingAttributes
    {
        public uint Size;
        public uint Policy;
        public ulong Flags;
        public int Nice;
        public uint Priority;
        public ulong Runtime;
        public ulong Deadline;
        public ulong Period;
    }
}

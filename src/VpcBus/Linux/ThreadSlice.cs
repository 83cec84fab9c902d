using System.Runtime.InteropServices;
using VpcComApi.Platform.Linux;

namespace VpcComApi.VpcBus.Linux;

/// <summary>
/// Asks Linux for short turns on the processor. A thread that runs for microseconds at a time and asks for short slices is put in front of
/// programs that compute (Linux 6.12 and later), so it answers sooner on a busy machine and gets no more of it. No privilege is needed.
/// </summary>
internal static unsafe class ThreadSlice
{
    /// <summary>The shortest slice that Linux gives.</summary>
    private const ulong ShortNanoseconds = 100_000;

    /// <summary>The system's own choice.</summary>
    private const ulong OrdinaryNanoseconds = 0;

    /// <summary>For the calling thread. Where the system does not know of slices nothing happens.</summary>
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

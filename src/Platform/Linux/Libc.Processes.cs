using System.Runtime.InteropServices;

namespace VpcComApi.Platform.Linux;

/// <content>The calls about processes, users, time and waiting.</content>
internal static unsafe partial class Libc
{
    public const int SIGCONT = 18;
    public const int SIGSTOP = 19;
    public const int PR_SET_PDEATHSIG = 1;
    public const int CLOCK_REALTIME = 0;

    public const short POLLIN = 0x1;
    public const short POLLOUT = 0x4;
    public const short POLLHUP = 0x10;

    [LibraryImport("libc")]
    public static partial uint geteuid();

    [LibraryImport("libc", SetLastError = true)]
    public static partial int setsid();

    [LibraryImport("libc", SetLastError = true)]
    public static partial int kill(int processId, int signal);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int prctl(int option, nuint argument2, nuint argument3, nuint argument4, nuint argument5);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int clock_settime(int clock, in TimeSpecification time);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int poll(ref PollDescriptor descriptors, nuint count, int milliseconds);

    /// <summary>The system's <c>struct pollfd</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct PollDescriptor
    {
        public int Descriptor;
        public short Requested;
        public short Returned;
    }

    /// <summary>The system's <c>struct timespec</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct TimeSpecification
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}

using System.Runtime.InteropServices;
using VpcComApi.VpcBus.Integration;

namespace VpcComApi.GuestServices.Machines.Real;

/// <summary>The clock of a machine with an operating system of its own.</summary>
internal sealed partial class SystemClock : IGuestClock
{
    private const int RealTimeClock = 0;
    private const long NanosecondsPerTick = 100;

    /// <inheritdoc/>
    public DateTimeOffset UtcNow => DateTimeOffset.UtcNow;

    /// <inheritdoc/>
    public void Set(DateTimeOffset time)
    {
        bool done;
        if (OperatingSystem.IsWindows())
        {
            WindowsTime windowsTime = new(time.UtcDateTime);
            done = SetSystemTime(in windowsTime);
        }
        else
        {
            long ticks = (time - DateTimeOffset.UnixEpoch).Ticks;
            UnixTime unixTime = new((nint)(ticks / TimeSpan.TicksPerSecond), (nint)(ticks % TimeSpan.TicksPerSecond * NanosecondsPerTick));
            done = ClockSetTime(RealTimeClock, in unixTime) == 0;
        }

        if (!done)
        {
            throw new RequestRefusedException(
                IntegrationErrors.AccessDenied, $"The guest's clock could not be set: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
        }
    }

    [LibraryImport("libc", EntryPoint = "clock_settime", SetLastError = true)]
    private static partial int ClockSetTime(int clock, in UnixTime time);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool SetSystemTime(in WindowsTime time);

    /// <summary>struct timespec.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct UnixTime(nint seconds, nint nanoseconds)
    {
        private readonly nint seconds = seconds;
        private readonly nint nanoseconds = nanoseconds;
    }

    /// <summary>SYSTEMTIME.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct WindowsTime(DateTime time)
    {
        private readonly ushort year = (ushort)time.Year;
        private readonly ushort month = (ushort)time.Month;
        private readonly ushort dayOfWeek = (ushort)time.DayOfWeek;
        private readonly ushort day = (ushort)time.Day;
        private readonly ushort hour = (ushort)time.Hour;
        private readonly ushort minute = (ushort)time.Minute;
        private readonly ushort second = (ushort)time.Second;
        private readonly ushort millisecond = (ushort)time.Millisecond;
    }
}

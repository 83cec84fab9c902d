using System.Runtime.InteropServices;
using VpcComApi.Platform.Linux;
using VpcComApi.Platform.Windows;
using VpcComApi.VpcBus.Integration;

namespace VpcComApi.GuestServices.Machines.Real;

/// <summary>The clock of a machine with an operating system of its own.</summary>
internal sealed class SystemClock : IGuestClock
{
    private const long NanosecondsPerTick = 100;

    /// <inheritdoc/>
    public DateTimeOffset UtcNow => DateTimeOffset.UtcNow;

    /// <inheritdoc/>
    public void Set(DateTimeOffset time)
    {
        bool done;
        if (OperatingSystem.IsWindows())
        {
            done = Kernel32.SetSystemTime(new Kernel32.SystemTime(time.UtcDateTime));
        }
        else
        {
            long ticks = (time - DateTimeOffset.UnixEpoch).Ticks;
            Libc.TimeSpecification unixTime = new()
            {
                Seconds = (nint)(ticks / TimeSpan.TicksPerSecond),
                Nanoseconds = (nint)(ticks % TimeSpan.TicksPerSecond * NanosecondsPerTick),
            };
            done = Libc.clock_settime(Libc.CLOCK_REALTIME, unixTime) == 0;
        }

        if (!done)
        {
            throw new RequestRefusedException(
                IntegrationErrors.AccessDenied,
                $"The guest's clock could not be set: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
        }
    }
}

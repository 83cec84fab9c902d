using System.Diagnostics.CodeAnalysis;
using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.VirtualMachines.Usage;

/// <summary>Measures one run of a machine once a second, for as long as it runs. Safe for many threads.</summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable",
    Justification = "The source has no timer and no wait handle, so it holds nothing.")]
internal sealed class UsageRecorder
{
    /// <summary>How many seconds the history has.</summary>
    public const int HistorySeconds = 60;

    private const double Everything = 100;

    /// <summary>The time between two measurements.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly IUsageMeter? meter;
    private readonly Func<(long ToGuest, long ToHost)> carriedByChannels;
    private readonly TimeProvider timeProvider;
    private readonly CancellationTokenSource stop = new();
    private readonly Lock sync = new();
    private readonly byte[] history = new byte[HistorySeconds];
    private MachineUsage start = Nothing;
    private MachineUsage last = Nothing;
    private (long ToGuest, long ToHost) carriedAtStart;
    private long startedAt;

    /// <summary>Begins to measure.</summary>
    /// <param name="meter">What measures the machine; without one it uses nothing.</param>
    /// <param name="carriedByChannels">What the communication channels of this run have carried.</param>
    /// <param name="timeProvider">The clock.</param>
    public UsageRecorder(IUsageMeter? meter, Func<(long ToGuest, long ToHost)> carriedByChannels, TimeProvider timeProvider)
    {
        this.meter = meter;
        this.carriedByChannels = carriedByChannels;
        this.timeProvider = timeProvider;
        startedAt = timeProvider.GetTimestamp();
#pragma warning disable RS0030 // A provider may measure slowly, and the start of a machine does not wait for that; Stop ends it.
        Measuring = meter is null ? Task.CompletedTask : Task.Run(MeasureAsync);
#pragma warning restore RS0030
    }

    /// <summary>The time since the machine was powered up, restored or reset; paused time counts.</summary>
    public TimeSpan UpTime
    {
        get
        {
            lock (sync)
            {
                return timeProvider.GetElapsedTime(startedAt);
            }
        }
    }

    /// <summary>The processor's use in the last second, in percent of one processor, 0 to 100.</summary>
    public int ProcessorPercent
    {
        get
        {
            lock (sync)
            {
                return history[^1];
            }
        }
    }

    /// <summary>Bytes of disks since the machine was powered up, restored or reset, up to the last measurement.</summary>
    public (long Read, long Written) Disk
    {
        get
        {
            lock (sync)
            {
                return (Since(last.DiskBytesRead, start.DiskBytesRead), Since(last.DiskBytesWritten, start.DiskBytesWritten));
            }
        }
    }

    /// <summary>
    /// Bytes of networks since the machine was powered up, restored or reset, up to the last measurement: those of the network cards, or
    /// those of the communication channels when no card carries anything.
    /// </summary>
    public (long Received, long Sent) Network
    {
        get
        {
            (long toGuest, long toHost) = carriedByChannels();
            lock (sync)
            {
                return (
                    last.NetworkBytesReceived is { } received
                        ? Since(received, start.NetworkBytesReceived ?? 0)
                        : Since(toGuest, carriedAtStart.ToGuest),
                    last.NetworkBytesSent is { } sent
                        ? Since(sent, start.NetworkBytesSent ?? 0)
                        : Since(toHost, carriedAtStart.ToHost));
            }
        }
    }

    /// <summary>Completes when nothing is measured any more.</summary>
    internal Task Measuring { get; }

    private static MachineUsage Nothing { get; } = new(TimeSpan.Zero, 0, 0);

    /// <summary>The processor's use in each of the last 60 seconds, in percent, the last second last.</summary>
    public byte[] CopyHistory()
    {
        lock (sync)
        {
            return [.. history];
        }
    }

    /// <summary>Begins to count anew: the machine was reset.</summary>
    public void Restart()
    {
        (long, long) carried = carriedByChannels();
        lock (sync)
        {
            carriedAtStart = carried;
            start = last;
            startedAt = timeProvider.GetTimestamp();
            Array.Clear(history);
        }
    }

    /// <summary>Measures no more: the machine has ended.</summary>
    public void Stop() => stop.Cancel();

    private static TimeSpan Since(TimeSpan now, TimeSpan then) => now > then ? now - then : TimeSpan.Zero;

    private static long Since(long now, long then) => Math.Max(0, now - then);

    private async Task MeasureAsync()
    {
        long measuredAt = timeProvider.GetTimestamp();
        try
        {
            await MeasureOnceAsync();
            await Task.Delay(UntilCommonTick(), timeProvider, stop.Token);
            using PeriodicTimer timer = new(Interval, timeProvider);
            do
            {
                await MeasureOnceAsync();
            }
            while (await timer.WaitForNextTickAsync(stop.Token));
        }
        catch (OperationCanceledException)
        {
            // The machine has ended.
        }

        async Task MeasureOnceAsync()
        {
            if (await TryMeasureAsync() is { } usage)
            {
                Note(usage, timeProvider.GetElapsedTime(measuredAt));
                measuredAt = timeProvider.GetTimestamp();
            }
        }
    }

    /// <summary>
    /// The time to the next whole interval of the clock, at least half of one: all machines of a process are measured at the same
    /// moments, so that it wakes once in an interval and not once for each machine.
    /// </summary>
    private TimeSpan UntilCommonTick()
    {
        TimeSpan left = Interval - TimeSpan.FromTicks(timeProvider.GetElapsedTime(0).Ticks % Interval.Ticks);
        return left < Interval / 2 ? left + Interval : left;
    }

    /// <returns>Null when the counters cannot be read now: the machine is about to end, or its guest boots.</returns>
    private async Task<MachineUsage?> TryMeasureAsync()
    {
        using CancellationTokenSource limit = new(Interval, timeProvider);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(stop.Token, limit.Token);
        try
        {
            return await meter!.MeasureAsync(either.Token).WaitAsync(either.Token);
        }
        catch (Exception e) when (e is VirtualMachineException
            or IOException || (e is OperationCanceledException && !stop.IsCancellationRequested))
        {
            return null;
        }
    }

    private void Note(MachineUsage usage, TimeSpan elapsed)
    {
        lock (sync)
        {
            MachineUsage before = last;
            if (usage.Generation != last.Generation)
            {
                start = before = Nothing;
            }

            Array.Copy(history, 1, history, 0, HistorySeconds - 1);
            history[^1] = elapsed <= TimeSpan.Zero
                ? (byte)0
                : (byte)Math.Clamp(Math.Round(Everything * (Since(usage.ProcessorTime, before.ProcessorTime) / elapsed)), 0, Everything);
            last = usage;
        }
    }
}

namespace VpcComApi.VirtualMachines.Guests;

/// <summary>
/// Listens to a guest's heartbeat. Time in which the machine is paused does not count: neither as silence nor towards the last minute.
/// </summary>
internal sealed class HeartbeatMonitor : IDisposable
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly HeartbeatPlan plan;
    private readonly TimeProvider timeProvider;
    private readonly Action stopped;
    private readonly Action askAgain;
    private readonly ITimer timer;
    private readonly Lock sync = new();
    private readonly Queue<TimeSpan> ticks = new();
    private TimeSpan ranBefore;
    private long runningSince;
    private bool isPaused;
    private bool isListening;
    private bool hasStopped;
    private int attempts;
    private TimeSpan begun;
    private TimeSpan lastSign;

    /// <summary>Makes a monitor that does not listen yet.</summary>
    /// <param name="plan">What is expected.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="stopped">Called once when a guest has been silent for a whole block.</param>
    /// <param name="askAgain">Asks a guest that has stopped for a sign.</param>
    internal HeartbeatMonitor(HeartbeatPlan plan, TimeProvider timeProvider, Action stopped, Action askAgain)
    {
        this.plan = plan;
        this.timeProvider = timeProvider;
        this.stopped = stopped;
        this.askAgain = askAgain;
        runningSince = timeProvider.GetTimestamp();
        timer = timeProvider.CreateTimer(_ => Look(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether ticks arrive.</summary>
    internal bool IsBeating
    {
        get
        {
            lock (sync)
            {
                return isListening && !hasStopped;
            }
        }
    }

    /// <summary>
    /// Ticks of the last minute in percent of those expected in it, 0 to 100. None is expected of a guest that is up for less than an
    /// interval.
    /// </summary>
    internal int Percentage
    {
        get
        {
            lock (sync)
            {
                if (!isListening)
                {
                    return 0;
                }

                TimeSpan now = Now();
                TimeSpan span = now - begun < Window ? now - begun : Window;
                int expected = (int)(span / plan.Interval);
                int arrived = ticks.Count(tick => now - tick < Window);
                return expected > 0 ? Math.Min(100, arrived * 100 / expected) : hasStopped ? 0 : 100;
            }
        }
    }

    /// <summary>The most ticks that are remembered: as many as a minute may hold, and a few for the jitter of timers.</summary>
    private int MaximumTicks => (int)(Window / plan.Interval) + 2;

    /// <summary>The guest service is up. Its coming is a sign of life.</summary>
    internal void Listen()
    {
        lock (sync)
        {
            if (!isListening)
            {
                isListening = true;
                begun = Now();
                ticks.Clear();
            }

            Note();
        }
    }

    /// <summary>The guest has given a sign of life.</summary>
    internal void Tick()
    {
        lock (sync)
        {
            if (!isListening)
            {
                return;
            }

            Note();
            ticks.Enqueue(lastSign);
            if (ticks.Count > MaximumTicks)
            {
                ticks.Dequeue();
            }
        }
    }

    /// <summary>The guest goes, and is not expected to be heard until <see cref="Listen"/>.</summary>
    internal void Forget()
    {
        lock (sync)
        {
            isListening = false;
            hasStopped = false;
            timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>The machine is paused.</summary>
    internal void Pause()
    {
        lock (sync)
        {
            if (!isPaused)
            {
                ranBefore = Now();
                isPaused = true;
                timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>The machine goes on.</summary>
    internal void Resume()
    {
        lock (sync)
        {
            if (isPaused)
            {
                isPaused = false;
                runningSince = timeProvider.GetTimestamp();
                Schedule();
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Forget();
        timer.Dispose();
    }

    /// <summary>The time that the machine has run, pauses left out. Under the lock.</summary>
    private TimeSpan Now() => isPaused ? ranBefore : ranBefore + timeProvider.GetElapsedTime(runningSince);

    /// <summary>Under the lock.</summary>
    private void Note()
    {
        lastSign = Now();
        hasStopped = false;
        attempts = 0;
        Schedule();
    }

    /// <summary>Wakes when silence has lasted long enough for the next step. Under the lock.</summary>
    private void Schedule()
    {
        if (!isListening || isPaused || attempts > plan.FailureAttempts)
        {
            return;
        }

        TimeSpan wait = lastSign + plan.Block + (attempts * plan.FailureInterval) - Now();
        timer.Change(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private void Look()
    {
        bool isNews;
        lock (sync)
        {
            if (!isListening || isPaused || attempts > plan.FailureAttempts
                || Now() < lastSign + plan.Block + (attempts * plan.FailureInterval))
            {
                // A tick or a pause came in the same moment, and has scheduled the next look.
                return;
            }

            isNews = !hasStopped;
            hasStopped = true;
            attempts++;
            Schedule();
        }

        if (isNews)
        {
            stopped();
        }
        else
        {
            askAgain();
        }
    }
}

using System.Diagnostics;

namespace VpcComApi.VpcBus.Linux;

/// <summary>
/// Decides how the event loop waits: by polling for a short time (spinning), which reacts within a microsecond and uses a core, or by
/// sleeping, which uses no processor time and takes the system some ten microseconds to end.
/// </summary>
/// <remarks>
/// <para>Spinning pays off while waits are short. So the loop spins only if most of the last waits were short; waits that it slept through
/// are counted too, so that spinning resumes when they become short.</para>
/// <para>Spinning is harmful when other programs need the core: the loop yields between two polls, and another program may then run for
/// milliseconds, whereas a thread that wakes from sleep is scheduled first. So a long yield suspends spinning for a while, and for twice as
/// long each time until yields are short again.</para>
/// </remarks>
/// <param name="frequency">Ticks of the clock in a second.</param>
internal sealed class AdaptiveSpin(long frequency)
{
    /// <summary>The longest time to spin in one wait.</summary>
    private static readonly TimeSpan SpinLimit = TimeSpan.FromMicroseconds(100);

    /// <summary>
    /// For a wait by sleeping that took no longer than this, including the time to wake up, spinning would have been better.
    /// </summary>
    private static readonly TimeSpan ShortSleep = TimeSpan.FromMicroseconds(170);

    /// <summary>A yield that took this long has given the core to a program that computes.</summary>
    private static readonly TimeSpan LongYield = TimeSpan.FromMicroseconds(700);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(100);

    /// <summary>The limit of the score, which is the number of recent waits that count.</summary>
    private const int MaxScore = 16;

    private readonly long spinLimit = Ticks(SpinLimit, frequency);
    private readonly long shortSleep = Ticks(ShortSleep, frequency);
    private readonly long longYield = Ticks(LongYield, frequency);
    private readonly long firstPause = Ticks(FirstPause, frequency);
    private readonly long longestPause = Ticks(LongestPause, frequency);
    private int score = MaxScore / 2;
    private long pausedUntil = long.MinValue;
    private long pause = Ticks(FirstPause, frequency);

    /// <summary>Makes one for <see cref="Stopwatch.GetTimestamp"/>.</summary>
    public AdaptiveSpin()
        : this(Stopwatch.Frequency)
    {
    }

    /// <summary>Whether to spin in the wait that begins now.</summary>
    public bool ShouldSpin(long now) => score >= MaxScore / 2 && now >= pausedUntil;

    /// <summary>Whether to continue spinning.</summary>
    public bool MaySpinOn(long began, long now) => now - began < spinLimit;

    /// <summary>Records the end of a yield.</summary>
    /// <returns>False when it took so long that spinning must end.</returns>
    public bool NoteYield(long began, long now)
    {
        if (now - began < longYield)
        {
            return true;
        }

        pausedUntil = now + pause;
        pause = Math.Min(pause * 2, longestPause);
        return false;
    }

    /// <summary>Records that a spin ended because there was something to do.</summary>
    public void NoteSuccess(long now)
    {
        score = Math.Min(score + 1, MaxScore);
        if (now - pausedUntil > longestPause)
        {
            pause = firstPause;
        }
    }

    /// <summary>Records that a spin ended without anything to do.</summary>
    public void NoteFailure() => score = Math.Max(score - 1, 0);

    /// <summary>Records the end of a wait that began with sleep.</summary>
    public void NoteSleep(long began, long now) =>
        score = now - began <= shortSleep ? Math.Min(score + 1, MaxScore) : Math.Max(score - 1, 0);

    private static long Ticks(TimeSpan time, long frequency) => (long)(time.TotalSeconds * frequency);
}

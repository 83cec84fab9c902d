using System.Diagnostics;

namespace VpcComApi.VpcBus.Linux;

/// <summary>
/// Decides how the loop waits: by looking again and again for a moment, which answers within a microsecond and costs a core, or by
/// sleeping, which costs nothing and takes the system some ten microseconds to end.
/// </summary>
/// <remarks>
/// <para>Looking pays while waits are short; so it is done only after most of the last waits were, and the waits that were slept through
/// are counted too, so that it begins again when they become short.</para>
/// <para>It harms when other programs want the core: between two looks the loop yields, and whoever runs then may run for milliseconds,
/// while a sleeper that is woken is put in front. So a yield that took long stops the looking for a while, and for twice as long
/// each time until yields are short again.</para>
/// </remarks>
/// <param name="frequency">Ticks of the clock in a second.</param>
internal sealed class AdaptiveSpin(long frequency)
{
    /// <summary>The longest that one wait is spun for.</summary>
    private static readonly TimeSpan SpinLimit = TimeSpan.FromMicroseconds(100);

    /// <summary>A wait that was slept through and took no longer would have been worth spinning for; waking up is part of it.</summary>
    private static readonly TimeSpan ShortSleep = TimeSpan.FromMicroseconds(170);

    /// <summary>A yield that took so long gave the core to a program that computes.</summary>
    private static readonly TimeSpan LongYield = TimeSpan.FromMicroseconds(700);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(100);

    /// <summary>Bounds of the score: the last so many waits count.</summary>
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

    /// <summary>Whether the wait that begins now is to be spun for.</summary>
    public bool ShouldSpin(long now) => score >= MaxScore / 2 && now >= pausedUntil;

    /// <summary>Whether a spin may go on.</summary>
    public bool MaySpinOn(long began, long now) => now - began < spinLimit;

    /// <summary>A yield is over.</summary>
    /// <returns>False when it took so long that the spin must end.</returns>
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

    /// <summary>A spin ended because there was something to do.</summary>
    public void NoteSuccess(long now)
    {
        score = Math.Min(score + 1, MaxScore);
        if (now - pausedUntil > longestPause)
        {
            pause = firstPause;
        }
    }

    /// <summary>A spin ended for nothing.</summary>
    public void NoteFailure() => score = Math.Max(score - 1, 0);

    /// <summary>A wait that began with sleep is over.</summary>
    public void NoteSleep(long began, long now) =>
        score = now - began <= shortSleep ? Math.Min(score + 1, MaxScore) : Math.Max(score - 1, 0);

    private static long Ticks(TimeSpan time, long frequency) => (long)(time.TotalSeconds * frequency);
}

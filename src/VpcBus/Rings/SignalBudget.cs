namespace VpcComApi.VpcBus.Rings;

/// <summary>
/// Limits how often the other side may signal this one without a need. A correct side signals only a side that waits, so bytes move after
/// nearly each of its signals. A side that signals without need uses up its budget, and from then on its rings are checked on a timer.
/// </summary>
/// <remarks>Not thread-safe. Times are <see cref="Environment.TickCount64"/>.</remarks>
internal sealed class SignalBudget
{
    /// <summary>
    /// The largest burst of needless signals that is allowed: the largest number of slots, because each pair that ends may signal once
    /// more.
    /// </summary>
    public const int Most = RingLayout.MaxRings;

    /// <summary>Needless signals for each millisecond that are allowed in the long run.</summary>
    public const int PerMillisecond = 1;

    /// <summary>What a useful signal adds to the budget: needless ones come with it, because of timing or to end a sleep.</summary>
    private const int Earned = 2;

    private int left = Most;
    private long filledAt;

    /// <summary>A signal was followed by bytes that moved.</summary>
    public void NoteUseful() => left = Math.Min(left + Earned, Most);

    /// <summary>A signal was needless: no bytes moved after it.</summary>
    /// <param name="now">The time in milliseconds.</param>
    /// <returns>False when the budget is used up.</returns>
    public bool NoteIdle(long now)
    {
        left = (int)Math.Min(Most, left + ((now - filledAt) * PerMillisecond));
        filledAt = now;
        left = Math.Max(left - 1, 0);
        return left > 0;
    }
}

namespace VpcComApi.VpcBus.Rings;

/// <summary>
/// How often the other side may make this one look for nothing. An honest side signals only whom it has found waiting, so nearly each of
/// its signals is followed by bytes that move; one that signals without need runs out of its budget, and is looked at on a clock from then
/// on.
/// </summary>
/// <remarks>Not thread-safe. Times are <see cref="Environment.TickCount64"/>.</remarks>
internal sealed class SignalBudget
{
    /// <summary>
    /// Signals for nothing that are borne at once: as many as there can be slots, since pairs that end together may signal once more each.
    /// </summary>
    public const int Most = RingLayout.MaxRings;

    /// <summary>Signals for nothing that are borne in the long run, a millisecond.</summary>
    public const int PerMillisecond = 1;

    /// <summary>What a signal that moved bytes earns: some for nothing come with each, by chance of time or to end a sleep.</summary>
    private const int Earned = 2;

    private int left = Most;
    private long filledAt;

    /// <summary>A signal was followed by bytes that moved.</summary>
    public void NoteUseful() => left = Math.Min(left + Earned, Most);

    /// <summary>A signal was for nothing.</summary>
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

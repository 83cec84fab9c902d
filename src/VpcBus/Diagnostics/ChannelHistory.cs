namespace VpcComApi.VpcBus.Diagnostics;

/// <summary>
/// The recent events of one channel pair, in a bounded ring buffer that replaces the oldest. Repeated stalls are counted in one entry, so
/// that a channel that stalls all day keeps the events of its beginning.
/// </summary>
/// <param name="timeProvider">The clock.</param>
/// <remarks>Thread-safe. Adding an event costs little more than reading the clock.</remarks>
internal sealed class ChannelHistory(TimeProvider timeProvider)
{
    /// <summary>Events that are kept.</summary>
    public const int Capacity = 16;

    /// <summary>Characters of a detail that are kept.</summary>
    private const int MaxDetailLength = 256;

    private readonly Lock gate = new();
    private readonly DateTimeOffset started = timeProvider.GetUtcNow();
    private readonly long startedAt = timeProvider.GetTimestamp();
    private readonly List<Entry> entries = new(4);

    /// <summary>Adds an event.</summary>
    /// <param name="kind">What happened.</param>
    /// <param name="detail">The reason; truncated, and without control characters.</param>
    public void Note(ChannelEventKind kind, string detail = "")
    {
        TimeSpan at = timeProvider.GetElapsedTime(startedAt);
        lock (gate)
        {
            if (IsStall(kind))
            {
                // Both directions may stall alternately: a stall of the other one does not begin a new entry.
                for (int i = entries.Count - 1; i >= 0 && IsStall(entries[i].Kind); i--)
                {
                    if (entries[i].Kind == kind)
                    {
                        entries[i] = entries[i] with { Count = entries[i].Count + 1, Last = at };
                        return;
                    }
                }
            }

            if (entries.Count == Capacity)
            {
                entries.RemoveAt(0);
            }

            entries.Add(new Entry(kind, at, at, 1, Clean(detail)));
        }
    }

    /// <summary>The events so far, oldest first.</summary>
    public IReadOnlyList<ChannelEvent> ToList()
    {
        lock (gate)
        {
            return
            [
                .. entries.Select(entry => new ChannelEvent(
                    entry.Kind, started + entry.First, entry.Count, started + entry.Last, entry.Detail))
            ];
        }
    }

    private static bool IsStall(ChannelEventKind kind) => kind is ChannelEventKind.SendingStalled or ChannelEventKind.ReceivingStalled;

    private static string Clean(string detail)
    {
        if (detail.Length <= MaxDetailLength && !detail.Any(char.IsControl))
        {
            return detail;
        }

        return string.Concat(detail.Take(MaxDetailLength).Select(letter => char.IsControl(letter) ? ' ' : letter));
    }

    private readonly record struct Entry(ChannelEventKind Kind, TimeSpan First, TimeSpan Last, int Count, string Detail);
}

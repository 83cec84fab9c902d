namespace VpcComApi.EventLogging;

/// <summary>
/// The order in which the entries of several programs arrived. Within a program it is that of its files, whatever time an entry shows: a
/// clock that jumps must not hide what is newest. Programs are merged by time, and there an entry counts as no later than those of its
/// program that came after it; entries at a program's end that are in the future, whose clock was set back since, count as no later than
/// the one before them.
/// </summary>
internal static class ArrivalOrder
{
    /// <summary>Merges the entries of programs.</summary>
    /// <param name="programs">The entries of each program, in the order in which they arrived.</param>
    /// <param name="now">The present time.</param>
    public static IEnumerable<EventLogEntry> Merge(IEnumerable<IReadOnlyList<EventLogEntry>> programs, DateTimeOffset now)
    {
        // The sort is stable, and a program's times never fall: its entries stay in their order.
        return programs
            .SelectMany(entries => entries.Zip(CountingTimes(entries, now)))
            .OrderBy(pair => pair.Second)
            .Select(pair => pair.First);
    }

    private static DateTimeOffset[] CountingTimes(IReadOnlyList<EventLogEntry> entries, DateTimeOffset now)
    {
        DateTimeOffset[] times = new DateTimeOffset[entries.Count];
        int past = entries.Count;
        while (past > 0 && entries[past - 1].Time > now)
        {
            past--;
        }

        DateTimeOffset latest = now;
        for (int i = past - 1; i >= 0; i--)
        {
            latest = entries[i].Time < latest ? entries[i].Time : latest;
            times[i] = latest;
        }

        Array.Fill(times, past > 0 ? times[past - 1] : DateTimeOffset.MinValue, past, entries.Count - past);
        return times;
    }
}

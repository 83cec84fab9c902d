namespace VpcComApi.EventLogging;

/// <summary>
/// The order in which the entries of several programs arrived. Within a program it is the order in its files, whatever the times of the
/// entries are: a clock that jumps must not hide the newest entries. Programs are merged by time. For this, an entry counts as no later
/// than the following ones of its program; entries at the end that are in the future, because the clock was set back since, count as no
/// later than the one before them.
/// </summary>
internal static class ArrivalOrder
{
    /// <summary>Merges the entries of programs.</summary>
    /// <param name="programs">The entries of each program, in the order in which they arrived.</param>
    /// <param name="now">The present time.</param>
    public static IEnumerable<EventLogEntry> Merge(IEnumerable<IReadOnlyList<EventLogEntry>> programs, DateTimeOffset now)
    {
        // The sort is stable, and the times of a program never decrease: its entries stay in their order.
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

namespace VpcComApi.VirtualMachines;

/// <summary>Lets so many things through in a period and no more. Not safe for use by many threads at once.</summary>
/// <param name="maximum">How many.</param>
/// <param name="period">In what time, counted from the first of them.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class NotificationLimit(int maximum, TimeSpan period, TimeProvider timeProvider)
{
    private long started;
    private int count;

    /// <summary>Counts one more.</summary>
    /// <param name="isFirstTooMany">Whether it is the first of this period that is one too many: time for one word about it.</param>
    /// <returns>False when it is one too many.</returns>
    internal bool Admit(out bool isFirstTooMany)
    {
        if (count == 0 || timeProvider.GetElapsedTime(started) >= period)
        {
            started = timeProvider.GetTimestamp();
            count = 0;
        }

        // Stops counting one beyond, so that it cannot overflow.
        count = Math.Min(count + 1, maximum + 2);
        isFirstTooMany = count == maximum + 1;
        return count <= maximum;
    }
}

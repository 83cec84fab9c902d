namespace VpcComApi.VirtualMachines.Guests;

/// <summary>
/// Keeps a guest that sends without end from costing the host more than its share: after so much work in a second nothing more is read of
/// it until the next one, and what it sends meanwhile waits on its own side. Not safe for use by many threads at once.
/// </summary>
/// <param name="timeProvider">The clock.</param>
internal sealed class MessagePace(TimeProvider timeProvider)
{
    /// <summary>What is done for one guest in a second. An honest one needs a few: heartbeats, and an answer for each request.</summary>
    internal const int MaximumCost = 1000;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private long started = timeProvider.GetTimestamp();
    private int cost;

    /// <summary>Counts work, and waits while there was too much of it.</summary>
    /// <param name="more">What it costs; the simplest message costs 1.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    internal async ValueTask TakeAsync(int more, CancellationToken cancellationToken)
    {
        TimeSpan elapsed = timeProvider.GetElapsedTime(started);
        if (elapsed < Period && cost + more > MaximumCost)
        {
            await Task.Delay(Period - elapsed, timeProvider, cancellationToken);
            elapsed = Period;
        }

        if (elapsed >= Period)
        {
            started = timeProvider.GetTimestamp();
            cost = 0;
        }

        cost += more;
    }
}

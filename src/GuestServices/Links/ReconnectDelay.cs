namespace VpcComApi.GuestServices.Links;

/// <summary>
/// The wait before the next attempt to connect: short at first, twice as long after each failure, up to a limit.
/// </summary>
internal sealed class ReconnectDelay
{
    /// <summary>The first wait.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(20);

    /// <summary>The longest wait.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private TimeSpan next = Shortest;

    /// <summary>Returns the wait after one more failure.</summary>
    public TimeSpan Next()
    {
        TimeSpan delay = next;
        next = delay * 2 < Longest ? delay * 2 : Longest;
        return delay;
    }

    /// <summary>Resets the wait after a successful connection.</summary>
    public void Reset() => next = Shortest;
}

namespace VpcComApi.GuestServices.Links;

/// <summary>
/// How long to wait before the next try to connect: soon at first, twice as long after each failure, never longer than the limit.
/// </summary>
internal sealed class ReconnectDelay
{
    /// <summary>The first wait.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(20);

    /// <summary>The longest wait.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private TimeSpan next = Shortest;

    /// <summary>The wait after one more failure.</summary>
    public TimeSpan Next()
    {
        TimeSpan delay = next;
        next = delay * 2 < Longest ? delay * 2 : Longest;
        return delay;
    }

    /// <summary>A connection worked: the next failure is a first one.</summary>
    public void Reset() => next = Shortest;
}

namespace VpcComApi.VpcBus.Relay;

/// <summary>
/// Copies bytes between a local stream (a pipe, a socket) and a channel pair, in both directions at once. The one copy loop of host and
/// guest.
/// </summary>
/// <remarks>
/// Each direction waits when the side it writes to is full, and passes on the end by itself. Bytes go from the stream into the bus's
/// buffer and from the bus's buffer to the stream without another copy. Between a socket and a pair whose data travels through shared
/// memory the process's event loop moves them, straight from the one to the other.
/// </remarks>
public static class ChannelRelay
{
    /// <summary>
    /// Relays until both directions have ended or one side fails. When it returns, every byte that was read from
    /// <paramref name="local"/> before its end is on the bus's link, unless the bus failed. Neither the stream nor the pair is closed:
    /// that is for the caller, who closes <paramref name="local"/> first and disposes the pair then; after a failure of the bus or a
    /// cancellation the pair is already reset.
    /// </summary>
    /// <param name="local">A stream that can be read and written at once, and whose pending read ends when its token fires.</param>
    /// <param name="pair">The pair; the relay is its only user.</param>
    /// <param name="options">What the relay must know about the stream; null: it has no half-close.</param>
    /// <param name="cancellationToken">Ends both directions at once and resets the pair.</param>
    /// <returns>How it went. Failures of either side are reported here and never thrown.</returns>
    public static async Task<ChannelRelayResult> RunAsync(
        Stream local, BusChannelPair pair, ChannelRelayOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(local);
        ArgumentNullException.ThrowIfNull(pair);
        return await new RelayRun(local, pair, options ?? new ChannelRelayOptions(), cancellationToken).RunAsync();
    }
}

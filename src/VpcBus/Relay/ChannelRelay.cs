namespace VpcComApi.VpcBus.Relay;

/// <summary>
/// Copies bytes between a local stream (a pipe, a socket) and a channel pair, in both directions at once. Host and guest both use this copy
/// loop.
/// </summary>
/// <remarks>
/// Each direction waits when the side to which it writes is full, and passes on the end of the bytes independently of the other. Bytes are
/// copied from the stream into the bus's buffer and from the bus's buffer to the stream without another copy. Between a socket and a pair
/// whose data travels through shared memory, the process's event loop moves them directly from one to the other.
/// </remarks>
public static class ChannelRelay
{
    /// <summary>
    /// Relays until both directions have ended or one side fails. When it returns, every byte that was read from
    /// <paramref name="local"/> before its end is on the bus's link, unless the bus failed. Neither the stream nor the pair is closed: the
    /// caller closes <paramref name="local"/> first and then disposes the pair; after a failure of the bus or a cancellation the pair is
    /// already reset.
    /// </summary>
    /// <param name="local">A stream that can be read and written at once, and whose pending read ends when its token fires.</param>
    /// <param name="pair">The pair; the relay is its only user.</param>
    /// <param name="options">The properties of the stream; null for a stream without half-close.</param>
    /// <param name="cancellationToken">Ends both directions at once and resets the pair.</param>
    /// <returns>The result. Failures of either side are reported in it and never thrown.</returns>
    public static async Task<ChannelRelayResult> RunAsync(
        Stream local, BusChannelPair pair, ChannelRelayOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(local);
        ArgumentNullException.ThrowIfNull(pair);
        return await new RelayRun(local, pair, options ?? new ChannelRelayOptions(), cancellationToken).RunAsync();
    }
}

using VpcComApi.VpcBus.Channels;
using VpcComApi.VpcBus.Framed;
using VpcComApi.VpcBus.Rings;

namespace VpcComApi.VpcBus.Protocol;

/// <summary>
/// The exchange before the first frame: each side sends its hello at once, reads the other's, sends its hello reply, reads the other's.
/// Both sides know both hellos, so both detect a mismatch; the hello reply also carries refusals whose reason only one side knows.
/// </summary>
internal static class Handshake
{
    /// <summary>How long a side that could not read the other's hello waits for the other to read the reason.</summary>
    private static readonly TimeSpan ReasonLimit = TimeSpan.FromSeconds(1);

    /// <summary>Runs the exchange on a fresh link, and sets up rings when both sides can.</summary>
    /// <exception cref="BusException">The two sides cannot communicate.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    public static async Task<(BusPeer Peer, IBusTransport Transport)> RunAsync(
        Stream link, BusOptions options, Guid sessionId, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = new(options.HandshakeTimeout, options.TimeProvider);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using RingHandover? handover = await RingHandover.PrepareAsync(link, options, either.Token);
            BusPeer peer = await ExchangeAsync(link, options, sessionId, handover?.Capability ?? 0, either.Token);
            RingBus? rings = handover is not null && (peer.Capabilities & handover.Capability) != 0
                ? await RingGreeting.RunAsync(handover, link, options, peer, either.Token) : null;
            return (peer, rings is null ? new FramedBus() : rings);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new BusException(
                BusError.TimedOut, $"The other side did not complete its hello within {options.HandshakeTimeout.TotalSeconds:0.###} s.");
        }
        catch (EndOfStreamException end)
        {
            throw new BusException(BusError.LinkLost, "The link ended during the hello.", end);
        }
        catch (Exception failure) when (failure is not (BusException or OperationCanceledException or OutOfMemoryException))
        {
            throw new BusException(BusError.LinkLost, $"The link failed during the hello: {failure.Message}", failure);
        }
    }

    private static async Task<BusPeer> ExchangeAsync(
        Stream link, BusOptions options, Guid sessionId, uint capabilities, CancellationToken cancellationToken)
    {
        Hello own = new(
            options.Side, options.MinRevision, options.MaxRevision, options.MaxFramePayload, options.MaxChannelPairs,
            options.MaxPendingOffers, sessionId, options.ComponentVersion, capabilities);

        // Not awaited before reading: on a link without any buffer both sides would wait for the other to read first.
        Task sending = link.WriteAsync(own.ToBytes(), cancellationToken).AsTask();
        Hello? peer = null;
        BusException? refusal;
        try
        {
            peer = await ReadHelloAsync(link, cancellationToken);
            refusal = Judge(own, peer);
        }
        catch (BusException corrupt)
        {
            refusal = corrupt;
        }
        catch
        {
            await SettleAsync(sending);
            throw;
        }

        sending = SendReplyAsync(link, sending, new HelloReply(refusal?.Error, refusal?.Message ?? ""), cancellationToken);
        if (peer is null)
        {
            // Nothing after an unreadable hello can be read either.
            await SettleAsync(sending);
            await ReadToEndAsync(link, options, cancellationToken);
            throw refusal!;
        }

        HelloReply theirs;
        try
        {
            theirs = await ReadReplyAsync(link, cancellationToken);
        }
        catch (Exception) when (refusal is not null)
        {
            await SettleAsync(sending);
            throw refusal;
        }
        catch
        {
            await SettleAsync(sending);
            throw;
        }

        refusal ??= theirs.Cause is { } cause
            ? new BusException(cause, $"The other side (version '{peer.ComponentVersion}') refused the bus: {theirs.Reason}") : null;
        if (refusal is not null)
        {
            // The other side closes the link after its hello reply, so this side's reply may not arrive. The refusal is still what is
            // reported.
            await SettleAsync(sending);
            throw refusal;
        }

        await sending;
        return new BusPeer(
            peer.Side, Math.Min(own.MaxRevision, peer.MaxRevision), peer.ComponentVersion, peer.SessionId,
            Math.Min(peer.MaxFramePayload, BusOptions.MaxMaxFramePayload), peer.MaxChannelPairs, peer.MaxPendingOffers)
        {
            Capabilities = capabilities & peer.Capabilities,
        };
    }

    private static BusException? Judge(Hello own, Hello peer)
    {
        if (own.Side == peer.Side)
        {
            return new BusException(BusError.RevisionMismatch, $"Both ends of the bus are a {own.Side}; one must be the other.");
        }

        if (peer.MaxRevision < own.MinRevision || own.MaxRevision < peer.MinRevision)
        {
            return new BusException(
                BusError.RevisionMismatch,
                $"The {own.Side} (version '{own.ComponentVersion}') supports bus revisions {own.MinRevision} to {own.MaxRevision}, "
                + $"the {peer.Side} (version '{peer.ComponentVersion}') {peer.MinRevision} to {peer.MaxRevision}; update the older one.");
        }

        return null;
    }

    private static async Task<Hello> ReadHelloAsync(Stream link, CancellationToken cancellationToken)
    {
        byte[] prefix = new byte[Hello.PrefixLength];
        await link.ReadExactlyAsync(prefix, cancellationToken);
        byte[] body = new byte[Hello.ReadPrefix(prefix)];
        await link.ReadExactlyAsync(body, cancellationToken);
        return Hello.ReadBody(body);
    }

    private static async Task<HelloReply> ReadReplyAsync(Stream link, CancellationToken cancellationToken)
    {
        byte[] prefix = new byte[HelloReply.PrefixLength];
        await link.ReadExactlyAsync(prefix, cancellationToken);
        byte[] body = new byte[HelloReply.ReadPrefix(prefix)];
        await link.ReadExactlyAsync(body, cancellationToken);
        return HelloReply.ReadBody(body);
    }

    /// <summary>
    /// Sends the hello reply after the hello. The caller checks for a failure of this send only after it has read the other side's hello
    /// reply: a side that refuses closes the link, and the send that fails for that reason must not hide the reason in the reply.
    /// </summary>
    private static async Task SendReplyAsync(Stream link, Task sendingHello, HelloReply reply, CancellationToken cancellationToken)
    {
        await sendingHello;
        await link.WriteAsync(reply.ToBytes(), cancellationToken);
    }

    /// <summary>
    /// Waits, for a short while, until the other side closes the link. A TCP socket that is closed with bytes unread resets the connection,
    /// and the other side then loses what it has not read yet: the hello reply.
    /// </summary>
    private static async Task ReadToEndAsync(Stream link, BusOptions options, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = new(ReasonLimit, options.TimeProvider);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        byte[] ignored = new byte[BusProtocol.MaxControlPayload];
        try
        {
            while (await link.ReadAsync(ignored, either.Token) > 0)
            {
            }
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // The link has ended, or the other side takes too long. The caller closes the link in either case.
        }
    }

    /// <summary>
    /// Waits for a send whose result no longer matters. It ends at the latest when the token fires or the caller closes the link.
    /// </summary>
    private static async Task SettleAsync(Task sending) => await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}

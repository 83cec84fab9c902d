using VpcComApi.VpcBus.Rings;

namespace VpcComApi.VpcBus.Protocol;

/// <summary>
/// The exchange before the first frame: each side sends its hello at once, reads the other's, sends its verdict, reads the other's.
/// Both sides see both hellos, so both know of a mismatch; the verdict also carries refusals that only one side can see.
/// </summary>
internal static class Handshake
{
    /// <summary>Runs the exchange on a fresh link, and sets up rings when both sides can.</summary>
    /// <exception cref="BusException">The two sides do not come together.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    public static async Task<(BusPeer Peer, RingBus? Rings)> RunAsync(Stream link, BusOptions options, Guid sessionId, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.HandshakeTimeout, options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using RingHandover? handover = await RingHandover.PrepareAsync(link, options, either.Token);
            BusPeer peer = await ExchangeAsync(link, options, sessionId, handover?.Capability ?? 0, either.Token);
            RingBus? rings = handover is not null && (peer.Capabilities & handover.Capability) != 0
                ? await RingGreeting.RunAsync(handover, link, options, peer, either.Token) : null;
            return (peer, rings);
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
        var own = new Hello(
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
            await Settle(sending);
            throw;
        }

        await sending;
        var verdict = new Verdict(refusal?.Error, refusal?.Message ?? "");
        sending = link.WriteAsync(verdict.ToBytes(), cancellationToken).AsTask();
        if (peer is null)
        {
            // What follows a hello that cannot be read cannot be read either.
            await sending;
            throw refusal!;
        }

        Verdict theirs;
        try
        {
            theirs = await ReadVerdictAsync(link, cancellationToken);
        }
        catch (Exception) when (refusal is not null)
        {
            await Settle(sending);
            throw refusal;
        }
        catch
        {
            await Settle(sending);
            throw;
        }

        await sending;
        if (refusal is not null)
        {
            throw refusal;
        }

        if (theirs.Cause is { } cause)
        {
            throw new BusException(cause, $"The other side (version '{peer.ComponentVersion}') refused the bus: {theirs.Reason}");
        }

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
                $"The {own.Side} (version '{own.ComponentVersion}') speaks bus revisions {own.MinRevision} to {own.MaxRevision}, "
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

    private static async Task<Verdict> ReadVerdictAsync(Stream link, CancellationToken cancellationToken)
    {
        byte[] prefix = new byte[Verdict.PrefixLength];
        await link.ReadExactlyAsync(prefix, cancellationToken);
        byte[] body = new byte[Verdict.ReadPrefix(prefix)];
        await link.ReadExactlyAsync(body, cancellationToken);
        return Verdict.ReadBody(body);
    }

    /// <summary>Lets a send that no longer matters finish: the caller closes the link, and the token limits it.</summary>
    private static async Task Settle(Task sending) => await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}

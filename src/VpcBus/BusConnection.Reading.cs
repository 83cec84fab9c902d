using System.Runtime.CompilerServices;
using VpcComApi.VpcBus.Channels;
using VpcComApi.VpcBus.Protocol;

namespace VpcComApi.VpcBus;

/// <content>The read loop: parses and checks frames, and never waits for anything except the link.</content>
public sealed partial class BusConnection
{
    /// <summary>Many small frames are read into this buffer at once, and their bytes are copied from it.</summary>
    private const int LookaheadSize = 32 * 1024;

    /// <summary>
    /// How much is read when a large frame may follow: enough for any control frame, but little of a payload that is read straight into its
    /// channel's buffer.
    /// </summary>
    private const int LeastLookahead = BusProtocol.HeaderLength + BusProtocol.MaxControlPayload;

    /// <summary>A Data frame with at most this many bytes counts as small.</summary>
    private const int SmallFrame = LookaheadSize / 2;

    private readonly byte[] lookahead = GC.AllocateUninitializedArray<byte>(LookaheadSize);
    private bool expectsSmallFrames;
    private int lookaheadStart;
    private int lookaheadEnd;
    private long reads;
    private BusException? stopReason;

    /// <summary>Reads frames until the other side says goodbye or the link fails.</summary>
    /// <returns>Null after an orderly goodbye.</returns>
    private async Task<BusException?> ReadAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            while (true)
            {
                if (!await FillAsync(BusProtocol.HeaderLength))
                {
                    return stopReason ?? new BusException(
                        BusError.LinkLost,
                        lookaheadEnd == lookaheadStart ? $"The link to the {Peer.Side} ended without a goodbye."
                            : $"The link to the {Peer.Side} ended within a frame.");
                }

                FrameHeader header = FrameHeader.Read(lookahead.AsSpan(lookaheadStart));
                lookaheadStart += BusProtocol.HeaderLength;
                if (header.Type == FrameType.Data)
                {
                    await ReadDataAsync(header);
                }
                else if (header.Type is >= FrameType.Credit and <= FrameType.Pong)
                {
                    if (await ReadControlAsync(header) is { } goodbye)
                    {
                        return goodbye.Failure;
                    }
                }
                else
                {
                    CheckLength(header, Options.MaxFramePayload);
                    await SkipAsync((int)header.Length);
                }
            }
        }
        catch (BusException corrupt)
        {
            return corrupt;
        }
        catch (EndOfStreamException end)
        {
            return stopReason ?? new BusException(BusError.LinkLost, $"The link to the {Peer.Side} ended within a frame.", end);
        }
        catch (Exception failure)
        {
            return stopReason ?? new BusException(BusError.LinkLost, $"The link to the {Peer.Side} failed: {failure.Message}", failure);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask ReadDataAsync(FrameHeader header)
    {
        CheckLength(header, Options.MaxFramePayload);
        ChannelReader reader;
        bool wanted;
        lock (Gate)
        {
            reader = FindPair(header, sender: Peer.Side)?.Reader
                ?? throw CorruptFrame.Error(header.Type, header.Id, "channel", "has ended; no data may follow");
            wanted = reader.BeginFrame(header.Length);
        }

        int rest = (int)header.Length;
        expectsSmallFrames = rest <= SmallFrame;
        if (!wanted)
        {
            await SkipAsync(rest);
            return;
        }

        try
        {
            while (rest > 0)
            {
                Memory<byte> target = reader.Buffer.GetMemory();
                if (target.Length > rest)
                {
                    target = target[..rest];
                }

                int length = TakeLookahead(target.Span);
                if (length == 0)
                {
                    length = await ReadLinkAsync(target);
                    if (length == 0)
                    {
                        throw new EndOfStreamException();
                    }
                }

                reader.Buffer.Advance(length);
                rest -= length;
            }

            // Completes at once: the pipe has no limit of its own; the credit is the limit.
            await reader.Buffer.FlushAsync();
        }
        finally
        {
            lock (Gate)
            {
                reader.FinishFrame();
            }
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Goodbye?> ReadControlAsync(FrameHeader header)
    {
        CheckLength(header, BusProtocol.MaxControlPayload);
        int length = (int)header.Length;
        if (!await FillAsync(length))
        {
            throw new EndOfStreamException();
        }

        int start = lookaheadStart;
        lookaheadStart += length;
        Goodbye? goodbye;
        lock (Gate)
        {
            goodbye = HandleControl(header, new PayloadReader(lookahead.AsSpan(start, length), header.Type, header.Id));
        }

        WakeWriter();
        return goodbye;
    }

    private Goodbye? HandleControl(FrameHeader header, PayloadReader payload)
    {
        switch (header.Type)
        {
            case FrameType.Credit:
                uint amount = payload.ReadUInt32("credit");
                FindPair(header, sender: Side)?.Writer.AddCredit(amount);
                break;
            case FrameType.End:
                BusChannelPair ended = FindPair(header, sender: Peer.Side)
                    ?? throw CorruptFrame.Error(header.Type, header.Id, "channel", "was ended before");
                ended.Reader.ReceiveEnd(ref payload);
                break;
            case FrameType.ReadingStopped:
                FindPair(header, sender: Side)?.Writer.StopReader();
                break;
            case FrameType.Reset:
                payload.ReadUInt32("cause");
                string resetReason = payload.ReadText("reason", BusOptions.MaxReasonLength);
                FindPair(header, header.Id)?.ReceiveReset(resetReason);
                break;
            case FrameType.Offer:
                HandleOffer(header.Id, payload);
                break;
            case FrameType.Accept:
                HandleAccept(header, payload);
                break;
            case FrameType.Reject:
                int code = unchecked((int)payload.ReadUInt32("code"));
                HandleReject(header, code, payload.ReadText("reason", BusOptions.MaxReasonLength));
                break;
            case FrameType.Withdraw:
                if (BusProtocol.OffererOf(header.Id) != Peer.Side || header.Id > lastIncomingOffer)
                {
                    throw CorruptFrame.Error(header.Type, header.Id, "pair", "was not offered");
                }

                incomingOffers.GetValueOrDefault(header.Id)?.GiveUp();
                break;
            case FrameType.Goodbye:
                uint cause = payload.ReadUInt32("cause");
                return new Goodbye(cause, payload.ReadText("reason", BusOptions.MaxReasonLength), Peer.Side);
            case FrameType.Ping:
                pongPending = true;
                pongId = header.Id;
                QueueControl(this);
                break;
            case FrameType.Pong:
                Transport.Confirm(header.Id);
                break;
        }

        return null;
    }

    /// <summary>Finds the pair of a channel that <paramref name="sender"/> sends on, or null when it has ended.</summary>
    private BusChannelPair? FindPair(FrameHeader header, BusSide sender) => BusProtocol.SenderOf(header.Id) == sender
        ? FindPair(header, BusProtocol.PairOf(header.Id))
        : throw CorruptFrame.Error(header.Type, header.Id, "channel", $"is one that the {(sender == Side ? Peer.Side : Side)} sends on");

    /// <summary>Finds a pair, or null when it has ended as far as the other side is concerned.</summary>
    /// <exception cref="BusException">The pair was never opened.</exception>
    private BusChannelPair? FindPair(FrameHeader header, uint number)
    {
        if (pairs.TryGetValue(number, out BusChannelPair? pair))
        {
            return pair.IsResetByPeer ? null : pair;
        }

        bool known = BusProtocol.OffererOf(number) == Side
            ? number is > 0 && number < nextOffer && !outgoingOffers.ContainsKey(number)
            : number <= lastIncomingOffer && !incomingOffers.ContainsKey(number);
        return known ? null : throw CorruptFrame.Error(header.Type, header.Id, "number", "is of no pair that was opened");
    }

    private static void CheckLength(FrameHeader header, int most)
    {
        if (header.Length > (uint)most)
        {
            throw CorruptFrame.Error(header.Type, header.Id, "length", $"is {header.Length}, more than {most}");
        }
    }

    /// <summary>Reads until the lookahead contains this many bytes.</summary>
    /// <returns>False when the link has ended before.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> FillAsync(int length)
    {
        if (lookahead.Length - lookaheadStart < length || lookaheadStart == lookaheadEnd)
        {
            lookahead.AsSpan(lookaheadStart, lookaheadEnd - lookaheadStart).CopyTo(lookahead);
            lookaheadEnd -= lookaheadStart;
            lookaheadStart = 0;
        }

        while (lookaheadEnd - lookaheadStart < length)
        {
            int end = Math.Min(lookahead.Length, lookaheadStart + (expectsSmallFrames ? LookaheadSize : LeastLookahead));
            int read = await ReadLinkAsync(lookahead.AsMemory(lookaheadEnd, end - lookaheadEnd));
            if (read == 0)
            {
                return false;
            }

            lookaheadEnd += read;
        }

        return true;
    }

    private int TakeLookahead(Span<byte> target)
    {
        int length = Math.Min(target.Length, lookaheadEnd - lookaheadStart);
        lookahead.AsSpan(lookaheadStart, length).CopyTo(target);
        lookaheadStart += length;
        return length;
    }

    private async ValueTask SkipAsync(int length)
    {
        while (length > 0)
        {
            if (!await FillAsync(1))
            {
                throw new EndOfStreamException();
            }

            int skipped = Math.Min(length, lookaheadEnd - lookaheadStart);
            lookaheadStart += skipped;
            length -= skipped;
        }
    }

    private ValueTask<int> ReadLinkAsync(Memory<byte> target)
    {
        Volatile.Write(ref reads, reads + 1);
        return link.ReadAsync(target, stopReading.Token);
    }

    /// <summary>Ends the read loop now.</summary>
    private void StopReading(BusException reason)
    {
        Interlocked.CompareExchange(ref stopReason, reason, null);
        stopReading.Cancel();
    }

    /// <summary>Ends the read loop after a delay, so that what the other side sent before can still be read.</summary>
    private void StopReadingLater(BusException reason)
    {
        Interlocked.CompareExchange(ref stopReason, reason, null);
        _ = CancelLaterAsync();

        async Task CancelLaterAsync()
        {
            await SettleAsync(completion.Task, Options.CloseTimeout);
            await stopReading.CancelAsync();
        }
    }

    /// <summary>The other side's last frame.</summary>
    private sealed class Goodbye(uint cause, string reason, BusSide side)
    {
        /// <summary>Null after an orderly end.</summary>
        public BusException? Failure { get; } = cause == 0 ? null : new BusException(
            cause <= (uint)BusError.Closed ? (BusError)cause : BusError.LinkLost, $"The {side} ended the bus: {reason}");
    }
}

namespace VpcComApi.VpcBus.Links.Resumption;

/// <summary>
/// One side of a resumable link without its input and output: what it has sent and received, and what each frame changes in that.
/// Whoever owns it guards it.
/// </summary>
/// <remarks>
/// A side is synchronising or synchronised. Synchronising it sends a Sync with a nonce of its own and believes nothing until a Sync comes
/// that echoes this nonce: no bytes of an earlier connection can do that, because nobody has read the nonce before. That Sync says up to
/// where the other side has received, and sending goes on from there. A synchronised side takes frames with its tag, in order and without a
/// gap; anything else is damage and makes it synchronise again. Bytes are numbered from 0 over the whole session; the end of a direction
/// takes a number too.
/// </remarks>
internal sealed class LinkSession
{
    private readonly BusSide side;
    private readonly int window;
    private readonly ReplayBuffer replay;

    private ulong nonce;
    private ulong heardNonce;
    private bool syncOwed;
    private bool paddingOwed;
    private bool probeOwed;
    private bool acknowledgeOwed;
    private byte[]? abort;

    /// <summary>The kind of checksum that the other side reads fastest; most bytes are in Data frames.</summary>
    private LinkChecksumKind dataChecksum;

    /// <summary>Bytes that may come before they are acknowledged.</summary>
    private ulong acknowledgeAfter = LinkProtocol.AcknowledgeAfter;
    private int damage;

    private ulong sent;
    private ulong sentMost;
    private ulong limit;
    private bool endWritten;

    private ulong received;
    private ulong consumed;
    private ulong toldReceived;
    private ulong toldLimit;

    /// <summary>A side that is bound to no other yet.</summary>
    /// <param name="side">Which one.</param>
    /// <param name="window">Bytes that it takes before its reader has read them.</param>
    /// <param name="replayBuffer">Bytes that it keeps until they are acknowledged.</param>
    public LinkSession(BusSide side, int window, int replayBuffer)
    {
        this.side = side;
        this.window = window;
        replay = new ReplayBuffer(replayBuffer);
        toldLimit = (ulong)window;
    }

    /// <summary>This side's name for the session; never empty.</summary>
    public Guid Id { get; } = Guid.NewGuid();

    /// <summary>The session of the other side that this one is bound to, or <see cref="Guid.Empty"/>.</summary>
    public Guid PeerId { get; private set; }

    /// <summary>Whether bytes flow.</summary>
    public bool IsSynchronised { get; private set; }

    /// <summary>Whether the other side has sent its last byte.</summary>
    public bool EndReceived { get; private set; }

    /// <summary>Whether the other side has all bytes and knows that no more come.</summary>
    public bool EndAcknowledged { get; private set; }

    /// <summary>Whether the other side is told that the session is given up.</summary>
    public bool AbortSent { get; private set; }

    /// <summary>The number behind the last byte that was written here.</summary>
    public ulong Written => replay.End;

    /// <summary>The number behind the last byte, or end, that has gone to the current connection.</summary>
    public ulong Sent => sent;

    /// <summary>The number up to which the other side has everything.</summary>
    public ulong Acknowledged => replay.Start + (EndAcknowledged ? 1u : 0u);

    /// <summary>Bytes that can be written.</summary>
    public int Room => replay.Room;

    /// <summary>Whether the other side has yet to say that it has everything that was sent.</summary>
    public bool AwaitsAcknowledgement => IsSynchronised && sent > Acknowledged;

    /// <summary>Whether <see cref="Collect"/> would lay out something.</summary>
    public bool HasOutput => syncOwed || (IsSynchronised && !AbortSent
        && (abort is not null || Sendable > 0 || probeOwed || acknowledgeOwed || EndOwed));

    /// <summary>Takes bytes of the caller, as many as there is room for.</summary>
    public int Write(ReadOnlySpan<byte> bytes) => replay.Write(bytes);

    /// <summary>No bytes follow.</summary>
    public void WriteEnd() => endWritten = true;

    /// <summary>The reader has taken so many bytes.</summary>
    public void Consume(int length)
    {
        consumed += (ulong)length;
        if (consumed + (ulong)window - toldLimit >= (ulong)window / 4)
        {
            acknowledgeOwed = true;
        }
    }

    /// <summary>A connection begins, or its bytes make no sense any more.</summary>
    public void Synchronise()
    {
        IsSynchronised = false;

        // It has to differ from those before and to be secret to nobody; a small guest has no cryptographic library.
        nonce = (ulong)Random.Shared.NextInt64(1, long.MaxValue);
        heardNonce = 0;
        AskAgain();
    }

    /// <summary>The last Sync may not have arrived: sends another one, behind padding.</summary>
    public void AskAgain()
    {
        syncOwed = true;
        paddingOwed = true;
    }

    /// <summary>Asks whether everything that was sent has arrived. A side that lacks something notices it by the question.</summary>
    public void Probe() => probeOwed = true;

    /// <summary>Tells the other side, if it can be told, that the session is over.</summary>
    public void Abort(BusException reason) => abort = LinkAbort.Encode(reason);

    /// <summary>The bytes that are no frame of this session. Synchronises again.</summary>
    /// <exception cref="BusException">That happens again and again without any progress.</exception>
    public LinkStep Damage()
    {
        if (++damage > LinkProtocol.MaxFruitlessDamage)
        {
            throw new BusException(
                BusError.Corrupt,
                $"What the other side of the link sends is damaged: {damage} times in a row nothing of it could be used.");
        }

        Synchronise();
        return LinkStep.Interrupted;
    }

    /// <summary>Takes an intact frame. While the session is not synchronised, only a Sync may come.</summary>
    /// <exception cref="BusException">The session is over: <see cref="BusError.LinkLost"/> when the other side is another session or cannot
    /// go on where this one is, <see cref="BusError.RevisionMismatch"/>, <see cref="BusError.Corrupt"/>, or what the other side
    /// says.</exception>
    public LinkStep Receive(LinkFrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (header.Type == LinkFrameType.Sync)
        {
            return ReceiveSync(header, payload);
        }

        if (header.Tag != (uint)nonce || header.Sequence > received)
        {
            // Of another connection, or behind bytes that are missing.
            return Damage();
        }

        if (header.Sequence < received)
        {
            throw CorruptLink.Error(header.Type, "sequence", $"is {header.Sequence} where {received} follows");
        }

        if (header.Acknowledged < Acknowledged || header.Acknowledged > sent)
        {
            throw CorruptLink.Error(
                header.Type, "acknowledged", $"is {header.Acknowledged}; it must lie between {Acknowledged} and {sent}");
        }

        TakeAcknowledgement(header.Acknowledged);
        TakeLimit(header);
        switch (header.Type)
        {
            case LinkFrameType.Data:
                return ReceiveData(header);
            case LinkFrameType.Probe:
                acknowledgeOwed = true;
                return LinkStep.Nothing;
            case LinkFrameType.End:
                CheckNotEnded(header.Type);
                EndReceived = true;
                received++;
                acknowledgeOwed = true;
                return LinkStep.End;
            case LinkFrameType.Abort:
                throw LinkAbort.Read(payload);
            default:
                return LinkStep.Nothing;
        }
    }

    /// <summary>Lays out what is to be sent next.</summary>
    /// <param name="target">At least <see cref="LinkProtocol.PaddingLength"/> and two of the largest frames.</param>
    /// <returns>How many bytes; 0 when there is nothing to send.</returns>
    public int Collect(Span<byte> target)
    {
        int written = 0;
        if (syncOwed)
        {
            written += WriteSync(target);
        }

        if (!IsSynchronised || AbortSent)
        {
            return written;
        }

        if (abort is not null)
        {
            AbortSent = true;
            return written + WriteFrame(target[written..], LinkFrameType.Abort, abort);
        }

        while (target.Length - written > LinkProtocol.HeaderLength && Sendable > 0)
        {
            int length = Math.Min(Math.Min(Sendable, LinkProtocol.MaxPayload), target.Length - written - LinkProtocol.HeaderLength);
            Span<byte> frame = target.Slice(written, LinkProtocol.HeaderLength + length);
            replay.CopyTo(sent, frame[LinkProtocol.HeaderLength..]);
            NextHeader(LinkFrameType.Data, length).Seal(frame, dataChecksum);
            written += frame.Length;
            MoveSent((ulong)length);
        }

        if (target.Length - written < 2 * LinkProtocol.HeaderLength)
        {
            return written;
        }

        if (EndOwed)
        {
            written += WriteFrame(target[written..], LinkFrameType.End, []);
            MoveSent(1);
        }

        if (probeOwed)
        {
            probeOwed = false;
            written += WriteFrame(target[written..], LinkFrameType.Probe, []);
        }
        else if (acknowledgeOwed)
        {
            written += WriteFrame(target[written..], LinkFrameType.Acknowledge, []);
        }

        return written;
    }

    private bool EndOwed => endWritten && sent == replay.End;

    private int Sendable => sent >= replay.End ? 0 : (int)(Math.Min(replay.End, Math.Max(limit, sent)) - sent);

    private LinkStep ReceiveSync(LinkFrameHeader header, ReadOnlySpan<byte> payload)
    {
        // Only what echoes the nonce of now is believed, and so only then a field out of its range is an error.
        if (payload.Length < LinkSync.LeastLength)
        {
            return LinkStep.Nothing;
        }

        LinkSync sync = LinkSync.Read(payload);
        if (sync.Nonce == 0 || (IsSynchronised && sync.Nonce == heardNonce))
        {
            return LinkStep.Nothing;
        }

        if (IsSynchronised)
        {
            // It begins anew and waits for a Sync, so no padding is needed to get at it.
            Synchronise();
            paddingOwed = false;
            heardNonce = sync.Nonce;
            return LinkStep.Interrupted;
        }

        if (sync.Nonce != heardNonce)
        {
            heardNonce = sync.Nonce;
            syncOwed = true;
        }

        if (sync.Echo != nonce)
        {
            return LinkStep.Nothing;
        }

        sync.CheckSender(side, Id, PeerId);
        if (PeerId == Guid.Empty && sync.PeerSession != Guid.Empty && sync.PeerSession != Id)
        {
            // It still holds on to a session that is gone. This answer makes it let go.
            return LinkStep.Nothing;
        }

        sync.CheckContinuity(header, Acknowledged, sentMost, received);
        PeerId = sync.Session;
        acknowledgeAfter = Math.Max(
            LinkProtocol.AcknowledgeAfter, Math.Min(sync.ReplayBuffer, LinkProtocol.MaxBuffer) / LinkProtocol.AcknowledgePart);
        dataChecksum = sync.MaxRevision >= LinkProtocol.WordSumRevision ? LinkChecksumKind.WordSum : LinkChecksumKind.Crc32C;
        IsSynchronised = true;
        TakeAcknowledgement(header.Acknowledged);
        sent = header.Acknowledged;
        TakeLimit(header);
        return LinkStep.Synchronised;
    }

    private LinkStep ReceiveData(LinkFrameHeader header)
    {
        CheckNotEnded(header.Type);
        if (header.Length == 0)
        {
            throw CorruptLink.Error(header.Type, "length", "is 0");
        }

        if (header.Sequence + (ulong)header.Length > toldLimit)
        {
            throw CorruptLink.Error(header.Type, "length", $"is {header.Length} where {toldLimit - header.Sequence} bytes may come");
        }

        received += (ulong)header.Length;
        damage = 0;
        if (received - toldReceived >= acknowledgeAfter)
        {
            acknowledgeOwed = true;
        }

        return LinkStep.Deliver;
    }

    private void CheckNotEnded(LinkFrameType type)
    {
        if (EndReceived)
        {
            throw CorruptLink.Error(type, "state", "is ended; nothing may follow");
        }
    }

    private void TakeAcknowledgement(ulong acknowledged)
    {
        EndAcknowledged |= acknowledged > replay.End;
        replay.Release(acknowledged);
    }

    /// <summary>A limit that was given is never taken back; one that is smaller is from before.</summary>
    private void TakeLimit(LinkFrameHeader header) => limit = Math.Max(limit, header.Acknowledged + Math.Min(header.Window, int.MaxValue));

    private void MoveSent(ulong length)
    {
        sent += length;
        sentMost = Math.Max(sentMost, sent);
    }

    private int WriteSync(Span<byte> target)
    {
        int padding = 0;
        if (paddingOwed)
        {
            padding = LinkProtocol.PaddingLength;
            target[..padding].Clear();
        }

        syncOwed = false;
        paddingOwed = false;
        Span<byte> frame = target.Slice(padding, LinkProtocol.HeaderLength + LinkSync.PayloadLength);
        new LinkSync(
            LinkProtocol.OldestRevision, LinkProtocol.Revision, (byte)side, Id, PeerId, nonce, heardNonce, sentMost, (uint)replay.Capacity)
            .Write(frame[LinkProtocol.HeaderLength..]);
        (NextHeader(LinkFrameType.Sync, LinkSync.PayloadLength) with { Tag = 0, Sequence = Acknowledged }).Seal(frame);
        return padding + frame.Length;
    }

    private int WriteFrame(Span<byte> target, LinkFrameType type, ReadOnlySpan<byte> payload)
    {
        Span<byte> frame = target[..(LinkProtocol.HeaderLength + payload.Length)];
        payload.CopyTo(frame[LinkProtocol.HeaderLength..]);
        NextHeader(type, payload.Length).Seal(frame);
        return frame.Length;
    }

    /// <summary>The header of the next frame, which tells the other side all that it may be waiting for.</summary>
    private LinkFrameHeader NextHeader(LinkFrameType type, int length)
    {
        acknowledgeOwed = false;
        toldReceived = received;

        // The end takes a number and no room.
        toldLimit = Math.Max(toldLimit, Math.Max(consumed + (ulong)window, received));
        return new LinkFrameHeader(length, type, (uint)heardNonce, sent, received, (uint)(toldLimit - received));
    }
}

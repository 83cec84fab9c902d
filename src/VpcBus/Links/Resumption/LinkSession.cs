namespace VpcComApi.VpcBus.Links.Resumption;

/// <summary>
/// The state of one side of a resumable link, without input and output: what it has sent and received, and how each frame changes that. Not
/// thread-safe; its owner locks it.
/// </summary>
/// <remarks>
/// A side is synchronising or synchronised. While it synchronises it sends a Sync with a nonce of its own and trusts nothing until it
/// receives a Sync that echoes this nonce: bytes of an earlier connection cannot contain it, because it is new. That Sync gives the
/// position up to which the other side has received, and sending continues from there. A synchronised side accepts frames with its tag, in
/// order and without a gap; anything else is damage, after which it synchronises again. Bytes are numbered from 0 over the whole session;
/// the end of a direction takes a number too.
/// </remarks>
internal sealed class LinkSession
{
    private readonly BusSide side;
    private readonly int window;
    private readonly ReplayBuffer replay;

    private ulong nonce;
    private ulong peerNonce;
    private bool syncPending;
    private bool paddingPending;
    private bool probePending;
    private bool acknowledgePending;
    private byte[]? abort;

    /// <summary>The kind of checksum that the other side verifies fastest. For Data frames only, which contain most of the bytes.</summary>
    private LinkChecksumKind dataChecksum;

    /// <summary>Bytes that may arrive before they are acknowledged.</summary>
    private ulong acknowledgeAfter = LinkProtocol.AcknowledgeAfter;
    private int damage;

    private ulong sent;
    private ulong sentMost;
    private ulong limit;
    private bool endWritten;

    private ulong received;
    private ulong consumed;
    private ulong announcedReceived;
    private ulong announcedLimit;

    /// <summary>A side that is not bound to a session of the other side yet.</summary>
    /// <param name="side">Which one.</param>
    /// <param name="window">Bytes that it accepts before its reader has read them.</param>
    /// <param name="replayBuffer">Bytes that it keeps until they are acknowledged.</param>
    public LinkSession(BusSide side, int window, int replayBuffer)
    {
        this.side = side;
        this.window = window;
        replay = new ReplayBuffer(replayBuffer);
        announcedLimit = (ulong)window;
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

    /// <summary>Whether the Abort was sent, which ends the session for the other side.</summary>
    public bool AbortSent { get; private set; }

    /// <summary>The number after that of the last byte that was written here.</summary>
    public ulong Written => replay.End;

    /// <summary>The number after that of the last byte, or end, that was sent over the current connection.</summary>
    public ulong Sent => sent;

    /// <summary>The number up to which the other side has everything.</summary>
    public ulong Acknowledged => replay.Start + (EndAcknowledged ? 1u : 0u);

    /// <summary>Bytes that can be written.</summary>
    public int Room => replay.Room;

    /// <summary>Whether something that was sent is not acknowledged yet.</summary>
    public bool AwaitsAcknowledgement => IsSynchronised && sent > Acknowledged;

    /// <summary>Whether <see cref="Collect"/> would write something.</summary>
    public bool HasOutput => syncPending || (IsSynchronised && !AbortSent
        && (abort is not null || Sendable > 0 || probePending || acknowledgePending || EndPending));

    /// <summary>Accepts bytes from the caller, as many as there is room for.</summary>
    public int Write(ReadOnlySpan<byte> bytes) => replay.Write(bytes);

    /// <summary>No bytes follow.</summary>
    public void WriteEnd() => endWritten = true;

    /// <summary>The reader has taken so many bytes.</summary>
    public void Consume(int length)
    {
        consumed += (ulong)length;
        if (consumed + (ulong)window - announcedLimit >= (ulong)window / 4)
        {
            acknowledgePending = true;
        }
    }

    /// <summary>Begins to synchronise: on a new connection, or after damaged input.</summary>
    public void Synchronise()
    {
        IsSynchronised = false;

        // The nonce must differ from earlier ones but need not be secret, so an ordinary random number is enough; a small guest has no
        // cryptographic library.
        nonce = (ulong)Random.Shared.NextInt64(1, long.MaxValue);
        peerNonce = 0;
        AskAgain();
    }

    /// <summary>The last Sync may not have arrived: sends another one, after padding.</summary>
    public void AskAgain()
    {
        syncPending = true;
        paddingPending = true;
    }

    /// <summary>
    /// Asks whether everything that was sent has arrived. A receiver that misses bytes detects that by the sequence of the Probe.
    /// </summary>
    public void Probe() => probePending = true;

    /// <summary>Ends the session, and sends the reason to the other side if possible.</summary>
    public void Abort(BusException reason) => abort = LinkAbort.Encode(reason);

    /// <summary>The input was not a frame of this session: synchronises again.</summary>
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

    /// <summary>Processes an intact frame. While the session is not synchronised, only a Sync may come.</summary>
    /// <exception cref="BusException">The session is over: <see cref="BusError.LinkLost"/> when the other side is in another session or
    /// cannot continue from this side's position, <see cref="BusError.RevisionMismatch"/>, <see cref="BusError.Corrupt"/>, or what the
    /// other side says.</exception>
    public LinkStep Receive(LinkFrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (header.Type == LinkFrameType.Sync)
        {
            return ReceiveSync(header, payload);
        }

        if (header.Tag != (uint)nonce || header.Sequence > received)
        {
            // The frame is of another connection, or bytes before it are missing.
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
                acknowledgePending = true;
                return LinkStep.Nothing;
            case LinkFrameType.End:
                CheckNotEnded(header.Type);
                EndReceived = true;
                received++;
                acknowledgePending = true;
                return LinkStep.End;
            case LinkFrameType.Abort:
                throw LinkAbort.Read(payload);
            default:
                return LinkStep.Nothing;
        }
    }

    /// <summary>Writes what is to be sent next into a buffer.</summary>
    /// <param name="target">At least <see cref="LinkProtocol.PaddingLength"/> and two of the largest frames.</param>
    /// <returns>How many bytes; 0 when there is nothing to send.</returns>
    public int Collect(Span<byte> target)
    {
        int written = 0;
        if (syncPending)
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

        if (EndPending)
        {
            written += WriteFrame(target[written..], LinkFrameType.End, []);
            MoveSent(1);
        }

        if (probePending)
        {
            probePending = false;
            written += WriteFrame(target[written..], LinkFrameType.Probe, []);
        }
        else if (acknowledgePending)
        {
            written += WriteFrame(target[written..], LinkFrameType.Acknowledge, []);
        }

        return written;
    }

    private bool EndPending => endWritten && sent == replay.End;

    private int Sendable => sent >= replay.End ? 0 : (int)(Math.Min(replay.End, Math.Max(limit, sent)) - sent);

    private LinkStep ReceiveSync(LinkFrameHeader header, ReadOnlySpan<byte> payload)
    {
        // Only a Sync that echoes the current nonce is trusted. So a field out of its range is an error only there.
        if (payload.Length < LinkSync.LeastLength)
        {
            return LinkStep.Nothing;
        }

        LinkSync sync = LinkSync.Read(payload);
        if (sync.Nonce == 0 || (IsSynchronised && sync.Nonce == peerNonce))
        {
            return LinkStep.Nothing;
        }

        if (IsSynchronised)
        {
            // The other side synchronises again and waits for a Sync, so it needs no padding to find one.
            Synchronise();
            paddingPending = false;
            peerNonce = sync.Nonce;
            return LinkStep.Interrupted;
        }

        if (sync.Nonce != peerNonce)
        {
            peerNonce = sync.Nonce;
            syncPending = true;
        }

        if (sync.Echo != nonce)
        {
            return LinkStep.Nothing;
        }

        sync.CheckSender(side, Id, PeerId);
        if (PeerId == Guid.Empty && sync.PeerSession != Guid.Empty && sync.PeerSession != Id)
        {
            // The sender is bound to a session that has ended. This side's Sync will make it give up that session.
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

        if (header.Sequence + (ulong)header.Length > announcedLimit)
        {
            throw CorruptLink.Error(header.Type, "length", $"is {header.Length} where {announcedLimit - header.Sequence} bytes may come");
        }

        received += (ulong)header.Length;
        damage = 0;
        if (received - announcedReceived >= acknowledgeAfter)
        {
            acknowledgePending = true;
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

    /// <summary>A limit is never reduced; a smaller one was sent earlier.</summary>
    private void TakeLimit(LinkFrameHeader header) => limit = Math.Max(limit, header.Acknowledged + Math.Min(header.Window, int.MaxValue));

    private void MoveSent(ulong length)
    {
        sent += length;
        sentMost = Math.Max(sentMost, sent);
    }

    private int WriteSync(Span<byte> target)
    {
        int padding = 0;
        if (paddingPending)
        {
            padding = LinkProtocol.PaddingLength;
            target[..padding].Clear();
        }

        syncPending = false;
        paddingPending = false;
        Span<byte> frame = target.Slice(padding, LinkProtocol.HeaderLength + LinkSync.PayloadLength);
        new LinkSync(
            LinkProtocol.OldestRevision, LinkProtocol.Revision, (byte)side, Id, PeerId, nonce, peerNonce, sentMost, (uint)replay.Capacity)
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

    /// <summary>
    /// The header of the next frame. Each header contains the acknowledgement and the window, so nothing needs to be sent for them alone.
    /// </summary>
    private LinkFrameHeader NextHeader(LinkFrameType type, int length)
    {
        acknowledgePending = false;
        announcedReceived = received;

        // The end takes a number but no room in the window.
        announcedLimit = Math.Max(announcedLimit, Math.Max(consumed + (ulong)window, received));
        return new LinkFrameHeader(length, type, (uint)peerNonce, sent, received, (uint)(announcedLimit - received));
    }
}

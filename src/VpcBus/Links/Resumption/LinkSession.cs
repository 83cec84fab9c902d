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
    private readonly BusSide _side;
    private readonly int _window;
    private readonly ReplayBuffer _replay;

    private ulong _nonce;
    private ulong _heardNonce;
    private bool _syncOwed;
    private bool _paddingOwed;
    private bool _probeOwed;
    private bool _acknowledgeOwed;
    private byte[]? _abort;

    /// <summary>The kind of checksum that the other side reads fastest; most bytes are in Data frames.</summary>
    private LinkChecksumKind _dataChecksum;

    /// <summary>Bytes that may come before they are acknowledged.</summary>
    private ulong _acknowledgeAfter = LinkProtocol.AcknowledgeAfter;
    private int _damage;

    private ulong _sent;
    private ulong _sentMost;
    private ulong _limit;
    private bool _endWritten;

    private ulong _received;
    private ulong _consumed;
    private ulong _toldReceived;
    private ulong _toldLimit;

    /// <summary>A side that is bound to no other yet.</summary>
    /// <param name="side">Which one.</param>
    /// <param name="window">Bytes that it takes before its reader has read them.</param>
    /// <param name="replayBuffer">Bytes that it keeps until they are acknowledged.</param>
    public LinkSession(BusSide side, int window, int replayBuffer)
    {
        _side = side;
        _window = window;
        _replay = new ReplayBuffer(replayBuffer);
        _toldLimit = (ulong)window;
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
    public ulong Written => _replay.End;

    /// <summary>The number behind the last byte, or end, that has gone to the current connection.</summary>
    public ulong Sent => _sent;

    /// <summary>The number up to which the other side has everything.</summary>
    public ulong Acknowledged => _replay.Start + (EndAcknowledged ? 1u : 0u);

    /// <summary>Bytes that can be written.</summary>
    public int Room => _replay.Room;

    /// <summary>Whether the other side has yet to say that it has everything that was sent.</summary>
    public bool AwaitsAcknowledgement => IsSynchronised && _sent > Acknowledged;

    /// <summary>Whether <see cref="Collect"/> would lay out something.</summary>
    public bool HasOutput => _syncOwed || (IsSynchronised && !AbortSent
        && (_abort is not null || Sendable > 0 || _probeOwed || _acknowledgeOwed || EndOwed));

    /// <summary>Takes bytes of the caller, as many as there is room for.</summary>
    public int Write(ReadOnlySpan<byte> bytes) => _replay.Write(bytes);

    /// <summary>No bytes follow.</summary>
    public void WriteEnd() => _endWritten = true;

    /// <summary>The reader has taken so many bytes.</summary>
    public void Consume(int length)
    {
        _consumed += (ulong)length;
        if (_consumed + (ulong)_window - _toldLimit >= (ulong)_window / 4)
        {
            _acknowledgeOwed = true;
        }
    }

    /// <summary>A connection begins, or its bytes make no sense any more.</summary>
    public void Synchronise()
    {
        IsSynchronised = false;

        // It has to differ from those before and to be secret to nobody; a small guest has no cryptographic library.
        _nonce = (ulong)Random.Shared.NextInt64(1, long.MaxValue);
        _heardNonce = 0;
        AskAgain();
    }

    /// <summary>The last Sync may not have arrived: sends another one, behind padding.</summary>
    public void AskAgain()
    {
        _syncOwed = true;
        _paddingOwed = true;
    }

    /// <summary>Asks whether everything that was sent has arrived. A side that lacks something notices it by the question.</summary>
    public void Probe() => _probeOwed = true;

    /// <summary>Tells the other side, if it can be told, that the session is over.</summary>
    public void Abort(BusException reason) => _abort = LinkAbort.Encode(reason);

    /// <summary>The bytes that are no frame of this session. Synchronises again.</summary>
    /// <exception cref="BusException">That happens again and again without any progress.</exception>
    public LinkStep Damage()
    {
        if (++_damage > LinkProtocol.MaxFruitlessDamage)
        {
            throw new BusException(
                BusError.Corrupt, $"What the other side of the link sends is damaged: {_damage} times in a row nothing of it could be used.");
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

        if (header.Tag != (uint)_nonce || header.Sequence > _received)
        {
            // Of another connection, or behind bytes that are missing.
            return Damage();
        }

        if (header.Sequence < _received)
        {
            throw CorruptLink.Error(header.Type, "sequence", $"is {header.Sequence} where {_received} follows");
        }

        if (header.Acknowledged < Acknowledged || header.Acknowledged > _sent)
        {
            throw CorruptLink.Error(header.Type, "acknowledged", $"is {header.Acknowledged}; it must lie between {Acknowledged} and {_sent}");
        }

        TakeAcknowledgement(header.Acknowledged);
        TakeLimit(header);
        switch (header.Type)
        {
            case LinkFrameType.Data:
                return ReceiveData(header);
            case LinkFrameType.Probe:
                _acknowledgeOwed = true;
                return LinkStep.Nothing;
            case LinkFrameType.End:
                CheckNotEnded(header.Type);
                EndReceived = true;
                _received++;
                _acknowledgeOwed = true;
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
        if (_syncOwed)
        {
            written += WriteSync(target);
        }

        if (!IsSynchronised || AbortSent)
        {
            return written;
        }

        if (_abort is not null)
        {
            AbortSent = true;
            return written + WriteFrame(target[written..], LinkFrameType.Abort, _abort);
        }

        while (target.Length - written > LinkProtocol.HeaderLength && Sendable > 0)
        {
            int length = Math.Min(Math.Min(Sendable, LinkProtocol.MaxPayload), target.Length - written - LinkProtocol.HeaderLength);
            Span<byte> frame = target.Slice(written, LinkProtocol.HeaderLength + length);
            _replay.CopyTo(_sent, frame[LinkProtocol.HeaderLength..]);
            NextHeader(LinkFrameType.Data, length).Seal(frame, _dataChecksum);
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

        if (_probeOwed)
        {
            _probeOwed = false;
            written += WriteFrame(target[written..], LinkFrameType.Probe, []);
        }
        else if (_acknowledgeOwed)
        {
            written += WriteFrame(target[written..], LinkFrameType.Acknowledge, []);
        }

        return written;
    }

    private bool EndOwed => _endWritten && _sent == _replay.End;

    private int Sendable => _sent >= _replay.End ? 0 : (int)(Math.Min(_replay.End, Math.Max(_limit, _sent)) - _sent);

    private LinkStep ReceiveSync(LinkFrameHeader header, ReadOnlySpan<byte> payload)
    {
        // Only what echoes the nonce of now is believed, and so only then a field out of its range is an error.
        if (payload.Length < LinkSync.LeastLength)
        {
            return LinkStep.Nothing;
        }

        LinkSync sync = LinkSync.Read(payload);
        if (sync.Nonce == 0 || (IsSynchronised && sync.Nonce == _heardNonce))
        {
            return LinkStep.Nothing;
        }

        if (IsSynchronised)
        {
            // It begins anew and waits for a Sync, so no padding is needed to get at it.
            Synchronise();
            _paddingOwed = false;
            _heardNonce = sync.Nonce;
            return LinkStep.Interrupted;
        }

        if (sync.Nonce != _heardNonce)
        {
            _heardNonce = sync.Nonce;
            _syncOwed = true;
        }

        if (sync.Echo != _nonce)
        {
            return LinkStep.Nothing;
        }

        sync.CheckSender(_side, Id, PeerId);
        if (PeerId == Guid.Empty && sync.PeerSession != Guid.Empty && sync.PeerSession != Id)
        {
            // It still holds on to a session that is gone. This answer makes it let go.
            return LinkStep.Nothing;
        }

        sync.CheckContinuity(header, Acknowledged, _sentMost, _received);
        PeerId = sync.Session;
        _acknowledgeAfter = Math.Max(LinkProtocol.AcknowledgeAfter, Math.Min(sync.ReplayBuffer, LinkProtocol.MaxBuffer) / LinkProtocol.AcknowledgePart);
        _dataChecksum = sync.MaxRevision >= LinkProtocol.WordSumRevision ? LinkChecksumKind.WordSum : LinkChecksumKind.Crc32C;
        IsSynchronised = true;
        TakeAcknowledgement(header.Acknowledged);
        _sent = header.Acknowledged;
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

        if (header.Sequence + (ulong)header.Length > _toldLimit)
        {
            throw CorruptLink.Error(header.Type, "length", $"is {header.Length} where {_toldLimit - header.Sequence} bytes may come");
        }

        _received += (ulong)header.Length;
        _damage = 0;
        if (_received - _toldReceived >= _acknowledgeAfter)
        {
            _acknowledgeOwed = true;
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
        EndAcknowledged |= acknowledged > _replay.End;
        _replay.Release(acknowledged);
    }

    /// <summary>A limit that was given is never taken back; one that is smaller is from before.</summary>
    private void TakeLimit(LinkFrameHeader header) => _limit = Math.Max(_limit, header.Acknowledged + Math.Min(header.Window, int.MaxValue));

    private void MoveSent(ulong length)
    {
        _sent += length;
        _sentMost = Math.Max(_sentMost, _sent);
    }

    private int WriteSync(Span<byte> target)
    {
        int padding = 0;
        if (_paddingOwed)
        {
            padding = LinkProtocol.PaddingLength;
            target[..padding].Clear();
        }

        _syncOwed = false;
        _paddingOwed = false;
        Span<byte> frame = target.Slice(padding, LinkProtocol.HeaderLength + LinkSync.PayloadLength);
        new LinkSync(LinkProtocol.OldestRevision, LinkProtocol.Revision, (byte)_side, Id, PeerId, _nonce, _heardNonce, _sentMost, (uint)_replay.Capacity)
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
        _acknowledgeOwed = false;
        _toldReceived = _received;

        // The end takes a number and no room.
        _toldLimit = Math.Max(_toldLimit, Math.Max(_consumed + (ulong)_window, _received));
        return new LinkFrameHeader(length, type, (uint)_heardNonce, _sent, _received, (uint)(_toldLimit - _received));
    }
}

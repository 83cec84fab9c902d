namespace VpcComApi.VpcBus.Rings;

/// <summary>
/// The end of a ring that takes bytes out. What the other side writes (how far it has written) is read once for each decision, checked, and
/// never trusted to address memory. The bytes themselves can change while they are read; whoever takes them out takes a copy.
/// </summary>
/// <remarks>
/// Everything is called with <see cref="Gate"/> held. After <see cref="Close"/> the memory is not touched any more, because it may be gone.
/// </remarks>
internal sealed class RingConsumer
{
    /// <summary>A producer that waits for room is told when this part of the ring is free, or all of it.</summary>
    private const int RoomDivisor = 4;

    private readonly RingArena _arena;
    private readonly IRingSignals _signals;
    private readonly int _slot;
    private readonly uint _channel;
    private readonly RingArena.Indices _indices;
    private readonly RingArena.Data _data;
    private readonly int _limit;
    private long _head;
    private long _read;
    private long _tail;
    private long _base;
    private bool _wasFull;
    private bool _isCut;

    /// <summary>Makes the end of a ring.</summary>
    /// <param name="arena">The memory.</param>
    /// <param name="side">The side that takes bytes out.</param>
    /// <param name="signals">Who is told of what happens to the ring.</param>
    /// <param name="slot">Where the ring lies.</param>
    /// <param name="channel">The channel's number, for error texts.</param>
    /// <param name="window">The most bytes under way that this side takes.</param>
    internal RingConsumer(RingArena arena, BusSide side, IRingSignals signals, int slot, uint channel, int window)
    {
        _arena = arena;
        _signals = signals;
        _slot = slot;
        _channel = channel;
        BusSide producer = side == BusSide.Host ? BusSide.Guest : BusSide.Host;
        _indices = arena.IndicesOf(slot, producer);
        _data = arena.DataOf(slot, producer);
        _limit = Math.Min(window, _data.Size);
        arena.AddUser();
    }

    /// <summary>Guards this end. Taken last, also behind the bus's gate.</summary>
    public Lock Gate { get; } = new();

    /// <summary>How often the unread bytes were seen to fill the window.</summary>
    public long Stalls { get; private set; }

    /// <summary>Bytes that the producer may still put in, as far as this end has looked.</summary>
    public long LastFree => _limit - (_tail - _head);

    /// <summary>Who is told of stalls and of the first byte.</summary>
    public BusChannelPair? Owner { get; set; }

    /// <summary>How many bytes the whole channel has, once its end is known.</summary>
    public long? Total { get; private set; }

    /// <summary>Bytes given back to the producer as room.</summary>
    public long Head => _head;

    /// <summary>Bytes read so far; some of them may not be given back yet.</summary>
    public long Read => _read;

    /// <summary>Whether the end is known and every byte before it read; also when the memory was let go of since.</summary>
    public bool IsAtEnd => Total == _read && !_isCut;

    /// <summary>Whether the memory is let go of.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Finds bytes that were not read yet, in one piece.</summary>
    /// <param name="bytes">The bytes; the other side can change them at any time.</param>
    /// <returns>False when there are none; the other side will signal when there are.</returns>
    /// <exception cref="BusException">The other side broke the rules.</exception>
    public bool TryGetBytes(out ReadOnlySpan<byte> bytes)
    {
        int length = Unread();
        if (length == 0)
        {
            if (Total is null)
            {
                // First the wish, then the look: whichever side comes second sees what the first has written.
                Volatile.Write(ref _indices.BytesWanted, 1);
                Interlocked.MemoryBarrier();
                length = Unread();
            }

            if (length == 0)
            {
                bytes = default;
                return false;
            }

            Volatile.Write(ref _indices.BytesWanted, 0);
        }

        bytes = _data.Piece(_read - _base, length);
        return true;
    }

    /// <summary>So many bytes were read. They still count as under way until <see cref="GiveBack"/>.</summary>
    public void Advance(int length) => _read += length;

    /// <summary>So many bytes are done with; the producer may use their room.</summary>
    public void GiveBack(int length)
    {
        NoteStall();
        _head += length;
        Volatile.Write(ref _indices.Head, _head);
        Interlocked.MemoryBarrier();
        ref uint wanted = ref _indices.RoomWanted;
        if (Volatile.Read(ref wanted) == 0)
        {
            return;
        }

        // A producer that is woken for a few bytes of room costs more than it moves. _tail may be old, which only makes the room look
        // larger.
        long room = _limit - (_tail - _head);
        if ((room >= _limit / RoomDivisor || _head == _tail) && Interlocked.Exchange(ref wanted, 0) != 0)
        {
            _signals.Signal(_slot);
        }
    }

    /// <summary>The producer has said that it puts nothing more in.</summary>
    /// <param name="total">How many bytes it has put in.</param>
    /// <exception cref="BusException">That is not so.</exception>
    public void End(ulong total)
    {
        if (!IsClosed)
        {
            ReadTail();
        }

        // One that has stopped reading has not looked at the ring since; then only what it knew can be held against the number.
        if (IsClosed ? total < (ulong)_tail || total > long.MaxValue : total != (ulong)_tail)
        {
            throw CorruptRing.Error(_channel, "total", $"is {total} and the tail {_tail}");
        }

        Total = (long)total;
    }

    /// <summary>How many bytes the producer has put in, as far as it says so honestly. For statistics.</summary>
    public long PeekTail()
    {
        if (!IsClosed && Total is null)
        {
            long tail = Volatile.Read(ref _indices.Tail);
            if (tail >= _tail && tail - _head <= _limit)
            {
                NoteStall(tail);
                return tail;
            }
        }

        return _tail;
    }

    /// <summary>Reads no more: lets go of the memory. What is unread is dropped, and its room given back.</summary>
    public void Close()
    {
        if (IsClosed)
        {
            return;
        }

        if (Total is { } total && _head != total)
        {
            _isCut = _read != total;
            _read = total;
            GiveBack((int)(total - _head));
        }

        IsClosed = true;
        _arena.Release();
        _signals.NoteClosed(_slot);
    }

    private int Unread()
    {
        if (Total is null)
        {
            ReadTail();
        }

        return (int)(_tail - _read);
    }

    private void ReadTail()
    {
        long tail = Volatile.Read(ref _indices.Tail);
        long start = Volatile.Read(ref _indices.Base);
        if (tail == _tail)
        {
            return;
        }

        if (tail < _tail || tail - _head > _limit)
        {
            throw CorruptRing.Error(_channel, "tail", $"is {tail}; it must lie between {_tail} and {_head + _limit}");
        }

        // A new base belongs to the first bytes behind an empty ring.
        if (start != _base)
        {
            if (start != _tail || _head != _tail)
            {
                throw CorruptRing.Error(_channel, "base", $"is {start}, where {(_head == _tail ? $"{_base} or {_tail}" : $"{_base}")} was due");
            }

            _base = start;
        }

        if (_tail == 0)
        {
            Owner?.Note(ChannelEventKind.FirstByteReceived);
        }

        _tail = tail;
    }

    private void NoteStall() => NoteStall(_tail);

    private void NoteStall(long tail)
    {
        bool full = tail - _head == _limit;
        if (full && !_wasFull)
        {
            Stalls++;
            Owner?.Note(ChannelEventKind.ReceivingStalled);
        }

        _wasFull = full;
    }
}

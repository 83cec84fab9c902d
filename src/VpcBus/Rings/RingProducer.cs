namespace VpcComApi.VpcBus.Rings;

/// <summary>
/// The end of a ring that puts bytes in. What the other side writes (how far it has read) is read once for each decision, checked, and
/// never trusted to address memory: the worst it can do is to be found out.
/// </summary>
/// <remarks>
/// Everything is called with <see cref="Gate"/> held. After <see cref="Close"/> the memory is not touched any more, because it may be gone.
/// </remarks>
internal sealed class RingProducer
{
    /// <summary>Bytes at a ring's beginning that stay resident when its pages are given back.</summary>
    private const int KeptBytes = 16 * 1024;

    private readonly RingArena _arena;
    private readonly BusSide _side;
    private readonly IRingSignals _signals;
    private readonly int _slot;
    private readonly uint _channel;
    private readonly RingArena.Indices _indices;
    private readonly RingArena.Data _data;
    private readonly int _limit;
    private long _tail;
    private long _head;
    private long _base;
    private long _tailAtTick;
    private int _touched;
    private bool _stalled;
    private bool _isLeft;

    /// <summary>Makes the end of a ring.</summary>
    /// <param name="arena">The memory.</param>
    /// <param name="side">The side that puts bytes in.</param>
    /// <param name="signals">Who is told of what happens to the ring.</param>
    /// <param name="slot">Where the ring lies.</param>
    /// <param name="channel">The channel's number, for error texts.</param>
    /// <param name="window">The most bytes under way that the other side takes.</param>
    internal RingProducer(RingArena arena, BusSide side, IRingSignals signals, int slot, uint channel, int window)
    {
        _arena = arena;
        _side = side;
        _signals = signals;
        _slot = slot;
        _channel = channel;
        _indices = arena.IndicesOf(slot, side);
        _data = arena.DataOf(slot, side);
        _limit = Math.Min(window, _data.Size);
        arena.AddUser();
    }

    /// <summary>Guards this end. Taken last, also behind the bus's gate.</summary>
    public Lock Gate { get; } = new();

    /// <summary>Bytes put in so far. Stays after the end.</summary>
    public long Tail => _tail;

    /// <summary>How often bytes were there and no room.</summary>
    public long Stalls { get; private set; }

    /// <summary>Whether bytes are there and no room.</summary>
    public bool IsStalled => _stalled;

    /// <summary>Room in bytes at the last look.</summary>
    public long LastFree => _limit - (_tail - _head);

    /// <summary>
    /// Bytes that the other side has not taken, by what it says now. A lie is not found out here, but at the next decision.
    /// </summary>
    public long PeekUntaken()
    {
        if (IsClosed || _isLeft)
        {
            return 0;
        }

        long head = Volatile.Read(ref _indices.Head);
        return _tail - Math.Clamp(head, _head, _tail);
    }

    /// <summary>Who is told of stalls and of the first byte.</summary>
    public BusChannelPair? Owner { get; set; }

    /// <summary>Whether nothing more may be put in: the number of bytes is told to the other side, or will be.</summary>
    public bool IsFinished { get; private set; }

    /// <summary>Whether the memory is let go of.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Puts nothing more in.</summary>
    public void Finish() => IsFinished = true;

    /// <summary>Puts nothing more in, and looks at the ring no more: its slot may be another pair's.</summary>
    public void Leave()
    {
        IsFinished = true;
        _isLeft = true;
    }

    /// <summary>Finds room for bytes in one piece.</summary>
    /// <param name="room">Where they go; good until the next call.</param>
    /// <returns>False when there is none; the other side will signal when there is.</returns>
    /// <exception cref="BusException">The other side broke the rules.</exception>
    public bool TryGetRoom(out Span<byte> room)
    {
        int free = Free();
        if (free == 0)
        {
            // First the wish, then the look: whichever side comes second sees what the first has written.
            Volatile.Write(ref _indices.RoomWanted, 1);
            Interlocked.MemoryBarrier();
            free = Free();
            if (free == 0)
            {
                if (!_stalled)
                {
                    _stalled = true;
                    Stalls++;
                    Owner?.Note(ChannelEventKind.SendingStalled);
                }

                room = default;
                return false;
            }

            Volatile.Write(ref _indices.RoomWanted, 0);
        }

        _stalled = false;
        if (_head == _tail)
        {
            // An empty ring begins anew at its first byte: while the other side keeps up, few pages are touched, and those stay in the
            // cache.
            _base = _tail;
        }

        room = _data.Piece(_tail - _base, free);
        return true;
    }

    /// <summary>Lets the other side have bytes that were put where <see cref="TryGetRoom"/> said.</summary>
    public void Publish(int length)
    {
        int end = _data.OffsetOf(_tail - _base) + length;
        if (end > _touched)
        {
            _touched = end;
            if (end > KeptBytes)
            {
                _signals.NoteTouched();
            }
        }

        if (_tail == 0)
        {
            Owner?.Note(ChannelEventKind.FirstByteSent);
        }

        _tail += length;
        Volatile.Write(ref _indices.Base, _base);
        Volatile.Write(ref _indices.Tail, _tail);

        // The full barrier that TryGetRoom's counterpart needs lies between the tail and this look at the wish.
        Interlocked.MemoryBarrier();
        ref uint wanted = ref _indices.BytesWanted;
        if (Volatile.Read(ref wanted) != 0 && Interlocked.Exchange(ref wanted, 0) != 0)
        {
            _signals.Signal(_slot);
        }
    }

    /// <summary>Whether the other side has taken everything. Asks for a signal if not.</summary>
    /// <exception cref="BusException">The other side broke the rules.</exception>
    public bool IsDrained()
    {
        ReadHead();
        if (_head == _tail)
        {
            return true;
        }

        Volatile.Write(ref _indices.RoomWanted, 1);
        Interlocked.MemoryBarrier();
        ReadHead();
        return _head == _tail;
    }

    /// <summary>Gives back the pages of a ring that has been empty for a while. Only the producer can: nobody else puts bytes in.</summary>
    /// <returns>Whether there may be something to give back later.</returns>
    /// <exception cref="BusException">The other side broke the rules.</exception>
    public bool Trim()
    {
        if (IsClosed || _isLeft || _touched <= KeptBytes)
        {
            return false;
        }

        ReadHead();
        if (_head != _tail || _tail != _tailAtTick)
        {
            _tailAtTick = _tail;
            return true;
        }

        _arena.DiscardData(_slot, _side);
        _touched = 0;
        return false;
    }

    /// <summary>Lets go of the memory.</summary>
    public void Close()
    {
        if (!IsClosed)
        {
            IsFinished = true;
            IsClosed = true;
            _arena.Release();
        }
    }

    private int Free()
    {
        ReadHead();
        return (int)(_limit - (_tail - _head));
    }

    private void ReadHead()
    {
        long head = Volatile.Read(ref _indices.Head);
        if (head < _head || head > _tail)
        {
            throw CorruptRing.Error(_channel, "head", $"is {head}; it must lie between {_head} and {_tail}");
        }

        _head = head;
    }
}

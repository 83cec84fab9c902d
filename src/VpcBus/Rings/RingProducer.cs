namespace VpcComApi.VpcBus.Rings;

/// <summary>
/// The end of a ring that puts bytes in. What the other side writes (how far it has read) is read once for each decision, checked, and
/// never trusted to address memory: the worst it can do is to be found out.
/// </summary>
/// <remarks>
/// Everything is called with <see cref="Gate"/> held. After <see cref="Close"/> the memory is not touched any more, because it may be gone.
/// </remarks>
internal sealed unsafe class RingProducer
{
    /// <summary>Bytes at a ring's beginning that stay resident when its pages are given back.</summary>
    private const int KeptBytes = 16 * 1024;

    private readonly RingBus _bus;
    private readonly RingArena _arena;
    private readonly int _place;
    private readonly uint _channel;
    private readonly byte* _indices;
    private readonly byte* _data;
    private readonly int _mask;
    private readonly int _limit;
    private long _tail;
    private long _head;
    private long _base;
    private long _tailAtTick;
    private int _touched;
    private bool _stalled;
    private bool _isLeft;

    internal RingProducer(RingBus bus, int place, uint channel, int window)
    {
        _bus = bus;
        _arena = bus.Arena;
        _place = place;
        _channel = channel;
        _indices = _arena.At(RingLayout.IndicesOf(place, bus.Side));
        _data = _arena.At(_arena.Layout.DataOf(place, bus.Side));
        _mask = _arena.Layout.RingSize - 1;
        _limit = Math.Min(window, _arena.Layout.RingSize);
        _arena.AddUser();
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

    /// <summary>Bytes that the other side has not taken, by what it says now. A lie is not found out here, but at the next decision.</summary>
    public long PeekUntaken()
    {
        if (IsClosed || _isLeft)
        {
            return 0;
        }

        long head = Volatile.Read(ref *(long*)(_indices + RingLayout.HeadOffset));
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

    /// <summary>Puts nothing more in, and looks at the ring no more: its place may be another pair's.</summary>
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
            Volatile.Write(ref *(uint*)(_indices + RingLayout.RoomWantedOffset), 1);
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

            Volatile.Write(ref *(uint*)(_indices + RingLayout.RoomWantedOffset), 0);
        }

        _stalled = false;
        if (_head == _tail)
        {
            // An empty ring begins anew at its first byte: while the other side keeps up, few pages are touched, and those stay in the cache.
            _base = _tail;
        }

        int offset = (int)((_tail - _base) & _mask);
        room = new Span<byte>(_data + offset, Math.Min(free, _mask + 1 - offset));
        return true;
    }

    /// <summary>Lets the other side have bytes that were put where <see cref="TryGetRoom"/> said.</summary>
    public void Publish(int length)
    {
        int end = (int)((_tail - _base) & _mask) + length;
        if (end > _touched)
        {
            _touched = end;
            if (end > KeptBytes)
            {
                _bus.NoteTouched();
            }
        }

        if (_tail == 0)
        {
            Owner?.Note(ChannelEventKind.FirstByteSent);
        }

        _tail += length;
        Volatile.Write(ref *(long*)(_indices + RingLayout.BaseOffset), _base);
        Volatile.Write(ref *(long*)(_indices + RingLayout.TailOffset), _tail);

        // The full barrier that TryGetRoom's counterpart needs lies between the tail and this look at the wish.
        Interlocked.MemoryBarrier();
        ref uint wanted = ref *(uint*)(_indices + RingLayout.BytesWantedOffset);
        if (Volatile.Read(ref wanted) != 0 && Interlocked.Exchange(ref wanted, 0) != 0)
        {
            _bus.Signal(_place);
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

        Volatile.Write(ref *(uint*)(_indices + RingLayout.RoomWantedOffset), 1);
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

        _arena.DiscardData(_place, _bus.Side);
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
        long head = Volatile.Read(ref *(long*)(_indices + RingLayout.HeadOffset));
        if (head < _head || head > _tail)
        {
            throw CorruptRing.Error(_channel, "head", $"is {head}; it must lie between {_head} and {_tail}");
        }

        _head = head;
    }
}

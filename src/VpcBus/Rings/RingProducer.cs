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

    private readonly RingArena arena;
    private readonly BusSide side;
    private readonly IRingSignals signals;
    private readonly int slot;
    private readonly uint channel;
    private readonly RingArena.Indices indices;
    private readonly RingArena.Data data;
    private readonly int limit;
    private long tail;
    private long head;
    private long ringBase;
    private long tailAtTick;
    private int touched;
    private bool stalled;
    private bool isLeft;

    /// <summary>Makes the end of a ring.</summary>
    /// <param name="arena">The memory.</param>
    /// <param name="side">The side that puts bytes in.</param>
    /// <param name="signals">Who is told of what happens to the ring.</param>
    /// <param name="slot">Where the ring lies.</param>
    /// <param name="channel">The channel's number, for error texts.</param>
    /// <param name="window">The most bytes under way that the other side takes.</param>
    internal RingProducer(RingArena arena, BusSide side, IRingSignals signals, int slot, uint channel, int window)
    {
        this.arena = arena;
        this.side = side;
        this.signals = signals;
        this.slot = slot;
        this.channel = channel;
        indices = arena.IndicesOf(slot, side);
        data = arena.DataOf(slot, side);
        limit = Math.Min(window, data.Size);
        arena.AddUser();
    }

    /// <summary>Guards this end. Taken last, also behind the bus's gate.</summary>
    public Lock Gate { get; } = new();

    /// <summary>Bytes put in so far. Stays after the end.</summary>
    public long Tail => tail;

    /// <summary>How often bytes were there and no room.</summary>
    public long Stalls { get; private set; }

    /// <summary>Whether bytes are there and no room.</summary>
    public bool IsStalled => stalled;

    /// <summary>Room in bytes at the last look.</summary>
    public long LastFree => limit - (tail - head);

    /// <summary>
    /// Bytes that the other side has not taken, by what it says now. A lie is not found out here, but at the next decision.
    /// </summary>
    public long PeekUntaken()
    {
        if (IsClosed || isLeft)
        {
            return 0;
        }

        long head = Volatile.Read(ref indices.Head);
        return tail - Math.Clamp(head, this.head, tail);
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
        isLeft = true;
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
            Volatile.Write(ref indices.RoomWanted, 1);
            Interlocked.MemoryBarrier();
            free = Free();
            if (free == 0)
            {
                if (!stalled)
                {
                    stalled = true;
                    Stalls++;
                    Owner?.Note(ChannelEventKind.SendingStalled);
                }

                room = default;
                return false;
            }

            Volatile.Write(ref indices.RoomWanted, 0);
        }

        stalled = false;
        if (head == tail)
        {
            // An empty ring begins anew at its first byte: while the other side keeps up, few pages are touched, and those stay in the
            // cache.
            ringBase = tail;
        }

        room = data.Piece(tail - ringBase, free);
        return true;
    }

    /// <summary>Lets the other side have bytes that were put where <see cref="TryGetRoom"/> said.</summary>
    public void Publish(int length)
    {
        int end = data.OffsetOf(tail - ringBase) + length;
        if (end > touched)
        {
            touched = end;
            if (end > KeptBytes)
            {
                signals.NoteTouched();
            }
        }

        if (tail == 0)
        {
            Owner?.Note(ChannelEventKind.FirstByteSent);
        }

        tail += length;
        Volatile.Write(ref indices.Base, ringBase);
        Volatile.Write(ref indices.Tail, tail);

        // The full barrier that TryGetRoom's counterpart needs lies between the tail and this look at the wish.
        Interlocked.MemoryBarrier();
        ref uint wanted = ref indices.BytesWanted;
        if (Volatile.Read(ref wanted) != 0 && Interlocked.Exchange(ref wanted, 0) != 0)
        {
            signals.Signal(slot);
        }
    }

    /// <summary>Whether the other side has taken everything. Asks for a signal if not.</summary>
    /// <exception cref="BusException">The other side broke the rules.</exception>
    public bool IsDrained()
    {
        ReadHead();
        if (head == tail)
        {
            return true;
        }

        Volatile.Write(ref indices.RoomWanted, 1);
        Interlocked.MemoryBarrier();
        ReadHead();
        return head == tail;
    }

    /// <summary>Gives back the pages of a ring that has been empty for a while. Only the producer can: nobody else puts bytes in.</summary>
    /// <returns>Whether there may be something to give back later.</returns>
    /// <exception cref="BusException">The other side broke the rules.</exception>
    public bool Trim()
    {
        if (IsClosed || isLeft || touched <= KeptBytes)
        {
            return false;
        }

        ReadHead();
        if (head != tail || tail != tailAtTick)
        {
            tailAtTick = tail;
            return true;
        }

        arena.DiscardData(slot, side);
        touched = 0;
        return false;
    }

    /// <summary>Lets go of the memory.</summary>
    public void Close()
    {
        if (!IsClosed)
        {
            IsFinished = true;
            IsClosed = true;
            arena.Release();
        }
    }

    private int Free()
    {
        ReadHead();
        return (int)(limit - (tail - head));
    }

    private void ReadHead()
    {
        long head = Volatile.Read(ref indices.Head);
        if (head < this.head || head > tail)
        {
            throw CorruptRing.Error(channel, "head", $"is {head}; it must lie between {this.head} and {tail}");
        }

        this.head = head;
    }
}

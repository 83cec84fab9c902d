namespace VpcComApi.VpcBus.Rings;

/// <summary>
/// The end of a ring that writes bytes. The index that the other side writes is read once for each decision, checked, and never used to
/// address memory without a check.
/// </summary>
/// <remarks>
/// All members are called with <see cref="Gate"/> held. After <see cref="Close"/> the memory is not accessed any more, because it may have
/// been released.
/// </remarks>
internal sealed class RingProducer
{
    /// <summary>Bytes at a ring's beginning that stay resident when its other pages are returned to the system.</summary>
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

    /// <summary>Creates the end of a ring.</summary>
    /// <param name="arena">The memory.</param>
    /// <param name="side">The side that writes the bytes.</param>
    /// <param name="signals">Receives the notifications about the ring.</param>
    /// <param name="slot">The slot of the ring.</param>
    /// <param name="channel">The channel's number, for error texts.</param>
    /// <param name="window">The most bytes in transit that the other side accepts.</param>
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

    /// <summary>Guards this end. Entered after all other locks, including the bus's gate.</summary>
    public Lock Gate { get; } = new();

    /// <summary>Bytes written so far. Valid after the end too.</summary>
    public long Tail => tail;

    /// <summary>How often there were bytes but no room.</summary>
    public long Stalls { get; private set; }

    /// <summary>Whether there are bytes but no room.</summary>
    public bool IsStalled => stalled;

    /// <summary>Room in bytes at the last check.</summary>
    public long LastFree => limit - (tail - head);

    /// <summary>
    /// Bytes that the other side has not read, according to its current index. A wrong index is detected at the next decision and not here.
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

    /// <summary>Receives the events of stalls and of the first byte.</summary>
    public BusChannelPair? Owner { get; set; }

    /// <summary>Whether no more bytes may be written: the number of bytes was sent to the other side, or will be.</summary>
    public bool IsFinished { get; private set; }

    /// <summary>Whether this end has released the memory.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Ends the writing.</summary>
    public void Finish() => IsFinished = true;

    /// <summary>Ends the writing and all access to the ring: its slot may belong to another pair.</summary>
    public void Leave()
    {
        IsFinished = true;
        isLeft = true;
    }

    /// <summary>Finds contiguous room for bytes.</summary>
    /// <param name="room">The room; valid until the next call.</param>
    /// <returns>False when there is none; then the other side will signal when there is.</returns>
    /// <exception cref="BusException">The other side has violated the protocol.</exception>
    public bool TryGetRoom(out Span<byte> room)
    {
        int free = Free();
        if (free == 0)
        {
            // First the flag is set, then the index is checked: whichever side does this second sees what the first has written.
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
            // An empty ring continues at its first byte: while the other side reads fast enough, few pages are touched, and those stay in
            // the cache.
            ringBase = tail;
        }

        room = data.Piece(tail - ringBase, free);
        return true;
    }

    /// <summary>Makes bytes available to the other side that were written to the room from <see cref="TryGetRoom"/>.</summary>
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

        // The full barrier that the consumer's TryGetBytes needs is between writing the tail and reading its flag.
        Interlocked.MemoryBarrier();
        ref uint wanted = ref indices.BytesWanted;
        if (Volatile.Read(ref wanted) != 0 && Interlocked.Exchange(ref wanted, 0) != 0)
        {
            signals.Signal(slot);
        }
    }

    /// <summary>Whether the other side has read everything. Requests a signal if not.</summary>
    /// <exception cref="BusException">The other side has violated the protocol.</exception>
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

    /// <summary>
    /// Returns the pages of a ring that has been empty for a while to the system. Only the producer can do this, because only it writes
    /// bytes.
    /// </summary>
    /// <returns>Whether there may be something to return later.</returns>
    /// <exception cref="BusException">The other side has violated the protocol.</exception>
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

    /// <summary>Releases the memory.</summary>
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

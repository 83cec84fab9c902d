namespace VpcComApi.VpcBus.Rings;

/// <summary>
/// The end of a ring that reads bytes. The index that the other side writes is read once for each decision, checked, and never used to
/// address memory without a check. The bytes themselves can change while they are read, so the reader must copy them before it uses them.
/// </summary>
/// <remarks>
/// All members are called with <see cref="Gate"/> held. After <see cref="Close"/> the memory is not accessed any more, because it may have
/// been released.
/// </remarks>
internal sealed class RingConsumer
{
    /// <summary>A producer that waits for room is signalled when this part of the ring is free, or when it is empty.</summary>
    private const int RoomDivisor = 4;

    private readonly RingArena arena;
    private readonly IRingSignals signals;
    private readonly int slot;
    private readonly uint channel;
    private readonly RingArena.Indices indices;
    private readonly RingArena.Data data;
    private readonly int limit;
    private long head;
    private long read;
    private long tail;
    private long ringBase;
    private bool wasFull;
    private bool isCut;

    /// <summary>Creates the end of a ring.</summary>
    /// <param name="arena">The memory.</param>
    /// <param name="side">The side that reads the bytes.</param>
    /// <param name="signals">Receives the notifications about the ring.</param>
    /// <param name="slot">The slot of the ring.</param>
    /// <param name="channel">The channel's number, for error texts.</param>
    /// <param name="window">The most bytes in transit that this side accepts.</param>
    internal RingConsumer(RingArena arena, BusSide side, IRingSignals signals, int slot, uint channel, int window)
    {
        this.arena = arena;
        this.signals = signals;
        this.slot = slot;
        this.channel = channel;
        BusSide producer = side == BusSide.Host ? BusSide.Guest : BusSide.Host;
        indices = arena.IndicesOf(slot, producer);
        data = arena.DataOf(slot, producer);
        limit = Math.Min(window, data.Size);
        arena.AddUser();
    }

    /// <summary>Guards this end. Entered after all other locks, including the bus's gate.</summary>
    public Lock Gate { get; } = new();

    /// <summary>How often the unread bytes were seen to fill the window.</summary>
    public long Stalls { get; private set; }

    /// <summary>Bytes that the producer may still write, as of this end's last check.</summary>
    public long LastFree => limit - (tail - head);

    /// <summary>Receives the events of stalls and of the first byte.</summary>
    public BusChannelPair? Owner { get; set; }

    /// <summary>The total number of bytes of the channel, once its end is known.</summary>
    public long? Total { get; private set; }

    /// <summary>Bytes whose room was returned to the producer.</summary>
    public long Head => head;

    /// <summary>Bytes read so far; the room of some of them may not have been returned yet.</summary>
    public long Read => read;

    /// <summary>Whether the end is known and every byte before it was read; also after the memory was released.</summary>
    public bool IsAtEnd => Total == read && !isCut;

    /// <summary>Whether this end has released the memory.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Finds contiguous bytes that were not read yet.</summary>
    /// <param name="bytes">The bytes; the other side can change them at any time.</param>
    /// <returns>False when there are none; then the other side will signal when there are.</returns>
    /// <exception cref="BusException">The other side has violated the protocol.</exception>
    public bool TryGetBytes(out ReadOnlySpan<byte> bytes)
    {
        int length = Unread();
        if (length == 0)
        {
            if (Total is null)
            {
                // First the flag is set, then the index is checked: whichever side does this second sees what the first has written.
                Volatile.Write(ref indices.BytesWanted, 1);
                Interlocked.MemoryBarrier();
                length = Unread();
            }

            if (length == 0)
            {
                bytes = default;
                return false;
            }

            Volatile.Write(ref indices.BytesWanted, 0);
        }

        bytes = data.Piece(read - ringBase, length);
        return true;
    }

    /// <summary>Records that bytes were read. They still count as in transit until <see cref="GiveBack"/>.</summary>
    public void Advance(int length) => read += length;

    /// <summary>Returns the room of bytes to the producer.</summary>
    public void GiveBack(int length)
    {
        NoteStall();
        head += length;
        Volatile.Write(ref indices.Head, head);
        Interlocked.MemoryBarrier();
        ref uint wanted = ref indices.RoomWanted;
        if (Volatile.Read(ref wanted) == 0)
        {
            return;
        }

        // Waking a producer for a few bytes of room would cost more than moving them. The known tail may be out of date, which only makes
        // the room seem larger.
        long room = limit - (tail - head);
        if ((room >= limit / RoomDivisor || head == tail) && Interlocked.Exchange(ref wanted, 0) != 0)
        {
            signals.Signal(slot);
        }
    }

    /// <summary>The producer has sent its end mark.</summary>
    /// <param name="total">How many bytes it has written, according to the end mark.</param>
    /// <exception cref="BusException">The number is wrong.</exception>
    public void End(ulong total)
    {
        if (!IsClosed)
        {
            ReadTail();
        }

        // An end that has stopped reading has not read the index since, so the number can only be checked against the last known index.
        if (IsClosed ? total < (ulong)tail || total > long.MaxValue : total != (ulong)tail)
        {
            throw CorruptRing.Error(channel, "total", $"is {total} and the tail {tail}");
        }

        Total = (long)total;
    }

    /// <summary>How many bytes the producer has written, if its index is plausible. For statistics.</summary>
    public long PeekTail()
    {
        if (!IsClosed && Total is null)
        {
            long tail = Volatile.Read(ref indices.Tail);
            if (tail >= this.tail && tail - head <= limit)
            {
                NoteStall(tail);
                return tail;
            }
        }

        return this.tail;
    }

    /// <summary>Ends the reading and releases the memory. Unread bytes are dropped, and their room is returned.</summary>
    public void Close()
    {
        if (IsClosed)
        {
            return;
        }

        if (Total is { } total && head != total)
        {
            isCut = read != total;
            read = total;
            GiveBack((int)(total - head));
        }

        IsClosed = true;
        arena.Release();
        signals.NoteClosed(slot);
    }

    private int Unread()
    {
        if (Total is null)
        {
            ReadTail();
        }

        return (int)(tail - read);
    }

    private void ReadTail()
    {
        long tail = Volatile.Read(ref indices.Tail);
        long start = Volatile.Read(ref indices.Base);
        if (tail == this.tail)
        {
            return;
        }

        if (tail < this.tail || tail - head > limit)
        {
            throw CorruptRing.Error(channel, "tail", $"is {tail}; it must lie between {this.tail} and {head + limit}");
        }

        // A new base can only belong to the first bytes after the ring was empty.
        if (start != ringBase)
        {
            if (start != this.tail || head != this.tail)
            {
                throw CorruptRing.Error(
                    channel, "base", $"is {start}, where {(head == this.tail ? $"{ringBase} or {this.tail}" : $"{ringBase}")} was due");
            }

            ringBase = start;
        }

        if (this.tail == 0)
        {
            Owner?.Note(ChannelEventKind.FirstByteReceived);
        }

        this.tail = tail;
    }

    private void NoteStall() => NoteStall(tail);

    private void NoteStall(long tail)
    {
        bool full = tail - head == limit;
        if (full && !wasFull)
        {
            Stalls++;
            Owner?.Note(ChannelEventKind.ReceivingStalled);
        }

        wasFull = full;
    }
}

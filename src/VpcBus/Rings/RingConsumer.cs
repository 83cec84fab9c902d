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

    /// <summary>Makes the end of a ring.</summary>
    /// <param name="arena">The memory.</param>
    /// <param name="side">The side that takes bytes out.</param>
    /// <param name="signals">Who is told of what happens to the ring.</param>
    /// <param name="slot">Where the ring lies.</param>
    /// <param name="channel">The channel's number, for error texts.</param>
    /// <param name="window">The most bytes under way that this side takes.</param>
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

    /// <summary>Guards this end. Taken last, also behind the bus's gate.</summary>
    public Lock Gate { get; } = new();

    /// <summary>How often the unread bytes were seen to fill the window.</summary>
    public long Stalls { get; private set; }

    /// <summary>Bytes that the producer may still put in, as far as this end has looked.</summary>
    public long LastFree => limit - (tail - head);

    /// <summary>Who is told of stalls and of the first byte.</summary>
    public BusChannelPair? Owner { get; set; }

    /// <summary>How many bytes the whole channel has, once its end is known.</summary>
    public long? Total { get; private set; }

    /// <summary>Bytes given back to the producer as room.</summary>
    public long Head => head;

    /// <summary>Bytes read so far; some of them may not be given back yet.</summary>
    public long Read => read;

    /// <summary>Whether the end is known and every byte before it read; also when the memory was let go of since.</summary>
    public bool IsAtEnd => Total == read && !isCut;

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

    /// <summary>So many bytes were read. They still count as under way until <see cref="GiveBack"/>.</summary>
    public void Advance(int length) => read += length;

    /// <summary>So many bytes are done with; the producer may use their room.</summary>
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

        // A producer that is woken for a few bytes of room costs more than it moves. The known tail may be old, which only makes the room
        // look
        // larger.
        long room = limit - (tail - head);
        if ((room >= limit / RoomDivisor || head == tail) && Interlocked.Exchange(ref wanted, 0) != 0)
        {
            signals.Signal(slot);
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
        if (IsClosed ? total < (ulong)tail || total > long.MaxValue : total != (ulong)tail)
        {
            throw CorruptRing.Error(channel, "total", $"is {total} and the tail {tail}");
        }

        Total = (long)total;
    }

    /// <summary>How many bytes the producer has put in, as far as it says so honestly. For statistics.</summary>
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

    /// <summary>Reads no more: lets go of the memory. What is unread is dropped, and its room given back.</summary>
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

        // A new base belongs to the first bytes behind an empty ring.
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

using VpcComApi.Platform.Linux;
using VpcComApi.VpcBus.Linux;

namespace VpcComApi.VpcBus.Rings;

/// <summary>
/// The shared memory of one bus, as mapped by one side, and the only class that accesses it by address. Its users are the bus and each end
/// of a ring; the last one releases the memory.
/// </summary>
internal sealed unsafe class RingArena
{
    private readonly IRingMemory memory;
    private readonly Action released;
    private readonly byte* start;
    private int users = 1;

    private RingArena(IRingMemory memory, RingLayout layout, Action released)
    {
        this.memory = memory;
        start = (byte*)memory.Address;
        this.released = released;
        Layout = layout;
    }

    /// <summary>The layout of the memory.</summary>
    public RingLayout Layout { get; }

    /// <summary>Creates an arena. The caller is its first user.</summary>
    /// <param name="layout">The layout of the memory.</param>
    /// <param name="descriptor">The descriptor for the other side.</param>
    /// <returns>Null when the system refuses.</returns>
    public static RingArena? TryCreate(RingLayout layout, out SafeDescriptor descriptor)
    {
        if (SharedMemory.TryCreate(layout.TotalSize, out descriptor) is not { } memory)
        {
            return null;
        }

        return Create(memory, layout, memory.Dispose);
    }

    /// <summary>Creates an arena in memory of zeros. The caller is its first user.</summary>
    /// <param name="memory">The memory, at least as large as the layout.</param>
    /// <param name="layout">The layout of the memory.</param>
    /// <param name="released">Called when the last user has released the arena.</param>
    public static RingArena Create(IRingMemory memory, RingLayout layout, Action released)
    {
        WriteHeader(memory, layout);
        return new RingArena(memory, layout, released);
    }

    /// <summary>
    /// Creates an arena in memory that may have been used by an earlier one, which has no users any more. The caller is its first user.
    /// </summary>
    /// <param name="memory">The memory, at least as large as the layout.</param>
    /// <param name="layout">The layout of the memory.</param>
    /// <param name="key">The key by which the other side recognises it.</param>
    /// <param name="released">Called when the last user has released the arena.</param>
    public static RingArena Renew(IRingMemory memory, RingLayout layout, ReadOnlySpan<byte> key, Action released)
    {
        memory.Discard(0, memory.Length);
        new Span<byte>((byte*)memory.Address, (int)layout.DataStart).Clear();
        key.CopyTo(new Span<byte>((byte*)memory.Address + RingLayout.KeyOffset, RingLayout.KeyLength));
        WriteHeader(memory, layout);
        return new RingArena(memory, layout, released);
    }

    /// <summary>Finds the arena with a key in memory that the other side has created. The caller is its first user.</summary>
    /// <param name="memory">The memory, which may be larger than the arena.</param>
    /// <param name="key">The key.</param>
    /// <param name="released">Called when the last user has released the arena.</param>
    /// <returns>Null when there is none with this key, or its version is unknown.</returns>
    public static RingArena? TryFind(IRingMemory memory, ReadOnlySpan<byte> key, Action released) =>
        ReadHeader(memory) is { } layout && layout.TotalSize <= memory.Length
            && new ReadOnlySpan<byte>((byte*)memory.Address + RingLayout.KeyOffset, RingLayout.KeyLength).SequenceEqual(key)
            ? new RingArena(memory, layout, released) : null;

    /// <summary>Maps the other side's arena. The caller is its first user.</summary>
    /// <returns>Null when its version is unknown, or the system refuses.</returns>
    public static RingArena? TryOpen(SafeDescriptor descriptor)
    {
        RingLayout largest = new(RingLayout.MaxRings, RingLayout.MaxRingSize);
        SharedMemory? memory = SharedMemory.TryOpen(descriptor, largest.TotalSize);
        if (memory is null)
        {
            return null;
        }

        if (ReadHeader(memory) is { } layout && layout.TotalSize == memory.Length)
        {
            return new RingArena(memory, layout, memory.Dispose);
        }

        memory.Dispose();
        return null;
    }

    /// <summary>Adds a user.</summary>
    public void AddUser() => Interlocked.Increment(ref users);

    /// <summary>Removes a user. The last one releases the memory.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref users) == 0)
        {
            released();
        }
    }

    /// <summary>The indices of the ring of which a side is the producer. To be used by users of the arena only.</summary>
    public Indices IndicesOf(int slot, BusSide producer) => new(start + RingLayout.IndicesOf(slot, producer));

    /// <summary>The bytes of the ring of which a side is the producer. To be used by users of the arena only.</summary>
    public Data DataOf(int slot, BusSide producer) => new(start + Layout.DataOf(slot, producer), Layout.RingSize);

    /// <summary>The doorbell that a side reads and the other one rings. To be used by users of the arena only.</summary>
    public Doorbell DoorbellOf(BusSide reader) => new(start + RingLayout.DoorbellOf(reader));

    /// <summary>Returns the pages of a ring's data to the system.</summary>
    public void DiscardData(int slot, BusSide producer) => memory.Discard(Layout.DataOf(slot, producer), Layout.RingSize);

    /// <summary>Initialises a slot: both rings empty, no side waits. The slot must not be in use.</summary>
    public void ClearIndices(int slot) =>
        new Span<byte>(start + RingLayout.IndicesOf(slot, BusSide.Host), 2 * RingLayout.IndicesSize).Clear();

    private static void WriteHeader(IRingMemory memory, RingLayout layout)
    {
        byte* header = (byte*)memory.Address;
        *(uint*)(header + RingLayout.VersionOffset) = RingLayout.Version;
        *(int*)(header + RingLayout.RingsOffset) = layout.Rings;
        *(int*)(header + RingLayout.RingSizeOffset) = layout.RingSize;
        Volatile.Write(ref *(ulong*)header, RingLayout.Magic);
    }

    /// <summary>Reads the header once. Only this copy is used later, because the other side could change the original.</summary>
    /// <returns>Null when its version is unknown.</returns>
    private static RingLayout? ReadHeader(IRingMemory memory)
    {
        if (memory.Length < RingLayout.PageSize)
        {
            return null;
        }

        byte* header = (byte*)memory.Address;
        RingLayout layout = new(*(int*)(header + RingLayout.RingsOffset), *(int*)(header + RingLayout.RingSizeOffset));
        return Volatile.Read(ref *(ulong*)header) == RingLayout.Magic && *(uint*)(header + RingLayout.VersionOffset) == RingLayout.Version
            && layout.IsValid
            ? layout : null;
    }

    /// <summary>The indices of a ring. The other side may write to them at any moment.</summary>
    internal readonly struct Indices
    {
        private readonly byte* start;

        internal Indices(byte* start) => this.start = start;

        /// <summary>Bytes written so far. Set by the producer.</summary>
        public ref long Tail => ref *(long*)(start + RingLayout.TailOffset);

        /// <summary>The count of bytes at the ring's first byte. Set by the producer.</summary>
        public ref long Base => ref *(long*)(start + RingLayout.BaseOffset);

        /// <summary>1 while the producer waits for room.</summary>
        public ref uint RoomWanted => ref *(uint*)(start + RingLayout.RoomWantedOffset);

        /// <summary>Bytes released so far. Set by the consumer.</summary>
        public ref long Head => ref *(long*)(start + RingLayout.HeadOffset);

        /// <summary>1 while the consumer waits for bytes.</summary>
        public ref uint BytesWanted => ref *(uint*)(start + RingLayout.BytesWantedOffset);
    }

    /// <summary>The bytes of a ring. Any number is mapped to a position inside it.</summary>
    internal readonly struct Data
    {
        private readonly byte* start;
        private readonly int mask;

        internal Data(byte* start, int size)
        {
            this.start = start;
            mask = size - 1;
        }

        /// <summary>The size in bytes, a power of two.</summary>
        public int Size => mask + 1;

        /// <summary>The position of a byte, counted from the ring's first byte.</summary>
        /// <param name="number">The number of the byte, counted from the byte at position 0.</param>
        public int OffsetOf(long number) => (int)(number & mask);

        /// <summary>Contiguous bytes, at most up to the ring's end.</summary>
        /// <param name="number">The number of the first one, as in <see cref="OffsetOf"/>.</param>
        /// <param name="length">How many, at least 0.</param>
        public Span<byte> Piece(long number, int length)
        {
            int offset = OffsetOf(number);
            return new Span<byte>(start + offset, Math.Min(length, mask + 1 - offset));
        }
    }

    /// <summary>
    /// The page of a doorbell: the signals for its reader, and whether the reader sleeps. The other side may write to it at any moment.
    /// </summary>
    internal readonly struct Doorbell
    {
        private readonly byte* start;

        internal Doorbell(byte* start) => this.start = start;

        /// <summary>1 while its reader sleeps.</summary>
        public ref uint Sleeping => ref *(uint*)(start + RingLayout.SleepingOffset);

        /// <summary>A bit for each word that is not 0.</summary>
        public ref ulong Summary => ref *(ulong*)(start + RingLayout.SummaryOffset);

        /// <summary>A bit for each of 64 slots.</summary>
        /// <param name="number">Which word, from 0 to 63.</param>
        public ref ulong Word(int number) => ref *(ulong*)(start + RingLayout.WordsOffset + (number * sizeof(ulong)));
    }
}

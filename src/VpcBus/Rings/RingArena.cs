using VpcComApi.Platform.Linux;
using VpcComApi.VpcBus.Linux;

namespace VpcComApi.VpcBus.Rings;

/// <summary>
/// The shared memory of one bus, as one side has mapped it, and the only class that looks into it by address. It is let go of when the last
/// who uses it has done so: the bus, and each end of a ring.
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

    /// <summary>Where things lie.</summary>
    public RingLayout Layout { get; }

    /// <summary>Makes an arena. The maker is its first user.</summary>
    /// <param name="layout">Where things lie.</param>
    /// <param name="descriptor">What the other side needs.</param>
    /// <returns>Null when the system refuses.</returns>
    public static RingArena? TryCreate(RingLayout layout, out SafeDescriptor descriptor)
    {
        if (SharedMemory.TryCreate(layout.TotalSize, out descriptor) is not { } memory)
        {
            return null;
        }

        return Create(memory, layout, memory.Dispose);
    }

    /// <summary>Makes an arena in memory of zeros. The maker is its first user.</summary>
    /// <param name="memory">The memory, at least as large as the layout.</param>
    /// <param name="layout">Where things lie.</param>
    /// <param name="released">Called when the last user has let go.</param>
    public static RingArena Create(IRingMemory memory, RingLayout layout, Action released)
    {
        WriteHeader(memory, layout);
        return new RingArena(memory, layout, released);
    }

    /// <summary>
    /// Makes an arena as new in memory that may have served another one, which nobody uses any more. The maker is its first user.
    /// </summary>
    /// <param name="memory">The memory, at least as large as the layout.</param>
    /// <param name="layout">Where things lie.</param>
    /// <param name="key">By which the other side knows it.</param>
    /// <param name="released">Called when the last user has let go.</param>
    public static RingArena Renew(IRingMemory memory, RingLayout layout, ReadOnlySpan<byte> key, Action released)
    {
        memory.Discard(0, memory.Length);
        new Span<byte>((byte*)memory.Address, (int)layout.DataStart).Clear();
        key.CopyTo(new Span<byte>((byte*)memory.Address + RingLayout.KeyOffset, RingLayout.KeyLength));
        WriteHeader(memory, layout);
        return new RingArena(memory, layout, released);
    }

    /// <summary>Finds the arena with a key in memory that the other side has made. The caller is its first user.</summary>
    /// <param name="memory">The memory, which may be larger than the arena.</param>
    /// <param name="key">The key.</param>
    /// <param name="released">Called when the last user has let go.</param>
    /// <returns>Null when it is not there, or is none that this code knows.</returns>
    public static RingArena? TryFind(IRingMemory memory, ReadOnlySpan<byte> key, Action released) =>
        ReadHeader(memory) is { } layout && layout.TotalSize <= memory.Length
            && new ReadOnlySpan<byte>((byte*)memory.Address + RingLayout.KeyOffset, RingLayout.KeyLength).SequenceEqual(key)
            ? new RingArena(memory, layout, released) : null;

    /// <summary>Maps the other side's arena. The caller is its first user.</summary>
    /// <returns>Null when it is none that this code knows, or the system refuses.</returns>
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

    /// <summary>One more user.</summary>
    public void AddUser() => Interlocked.Increment(ref users);

    /// <summary>One user less. The last one's lets go of the memory.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref users) == 0)
        {
            released();
        }
    }

    /// <summary>The indices of the ring that a side puts bytes into. For users only, as long as they are.</summary>
    public Indices IndicesOf(int slot, BusSide producer) => new(start + RingLayout.IndicesOf(slot, producer));

    /// <summary>The bytes of the ring that a side puts bytes into. For users only, as long as they are.</summary>
    public Data DataOf(int slot, BusSide producer) => new(start + Layout.DataOf(slot, producer), Layout.RingSize);

    /// <summary>The doorbell that a side reads and the other one rings. For users only, as long as they are.</summary>
    public Doorbell DoorbellOf(BusSide reader) => new(start + RingLayout.DoorbellOf(reader));

    /// <summary>Gives the pages of a ring's data back.</summary>
    public void DiscardData(int slot, BusSide producer) => memory.Discard(Layout.DataOf(slot, producer), Layout.RingSize);

    /// <summary>Makes a slot as new: both rings empty, nobody waits. While nobody uses it.</summary>
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

    /// <summary>Reads the header once: what is used further on is this copy, whatever becomes of the original.</summary>
    /// <returns>Null when it is none that this code knows.</returns>
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

    /// <summary>The indices of a ring. The other side writes them too, at any moment.</summary>
    internal readonly struct Indices
    {
        private readonly byte* start;

        internal Indices(byte* start) => this.start = start;

        /// <summary>Bytes put in so far. The producer's.</summary>
        public ref long Tail => ref *(long*)(start + RingLayout.TailOffset);

        /// <summary>The count of bytes that lies at the ring's first byte. The producer's.</summary>
        public ref long Base => ref *(long*)(start + RingLayout.BaseOffset);

        /// <summary>1 while the producer waits for room.</summary>
        public ref uint RoomWanted => ref *(uint*)(start + RingLayout.RoomWantedOffset);

        /// <summary>Bytes done with. The consumer's.</summary>
        public ref long Head => ref *(long*)(start + RingLayout.HeadOffset);

        /// <summary>1 while the consumer waits for bytes.</summary>
        public ref uint BytesWanted => ref *(uint*)(start + RingLayout.BytesWantedOffset);
    }

    /// <summary>The bytes of a ring. No number leads out of it.</summary>
    internal readonly struct Data
    {
        private readonly byte* start;
        private readonly int mask;

        internal Data(byte* start, int size)
        {
            this.start = start;
            mask = size - 1;
        }

        /// <summary>How many there are, a power of two.</summary>
        public int Size => mask + 1;

        /// <summary>Where a byte lies, from the ring's first byte on.</summary>
        /// <param name="number">Which one, counted from the byte that lies at the ring's first.</param>
        public int OffsetOf(long number) => (int)(number & mask);

        /// <summary>Bytes in one piece, up to the ring's end at most.</summary>
        /// <param name="number">The first one, as in <see cref="OffsetOf"/>.</param>
        /// <param name="length">How many, at least 0.</param>
        public Span<byte> Piece(long number, int length)
        {
            int offset = OffsetOf(number);
            return new Span<byte>(start + offset, Math.Min(length, mask + 1 - offset));
        }
    }

    /// <summary>
    /// A doorbell's page: what its reader is signalled, and whether it sleeps. The other side writes it too, at any moment.
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

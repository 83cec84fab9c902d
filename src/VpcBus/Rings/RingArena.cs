using VpcComApi.VpcBus.Linux;

namespace VpcComApi.VpcBus.Rings;

/// <summary>
/// The shared memory of one bus, as one side has mapped it. It is let go of when the last who uses it has done so: the bus, and each end of
/// a ring.
/// </summary>
internal sealed unsafe class RingArena
{
    private readonly SharedMemory _memory;
    private readonly Action _released;
    private int _users = 1;

    private RingArena(SharedMemory memory, RingLayout layout, Action released)
    {
        _memory = memory;
        _released = released;
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

        WriteHeader(memory, layout);
        return new RingArena(memory, layout, memory.Dispose);
    }

    /// <summary>Makes an arena as new in memory that may have served another one, which nobody uses any more. The maker is its first user.</summary>
    /// <param name="memory">The memory, at least as large as the layout.</param>
    /// <param name="layout">Where things lie.</param>
    /// <param name="key">By which the other side knows it.</param>
    /// <param name="released">Called when the last user has let go.</param>
    public static RingArena Renew(SharedMemory memory, RingLayout layout, ReadOnlySpan<byte> key, Action released)
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
    public static RingArena? TryFind(SharedMemory memory, ReadOnlySpan<byte> key, Action released) =>
        ReadHeader(memory) is { } layout && layout.TotalSize <= memory.Length
            && new ReadOnlySpan<byte>((byte*)memory.Address + RingLayout.KeyOffset, RingLayout.KeyLength).SequenceEqual(key)
            ? new RingArena(memory, layout, released) : null;

    /// <summary>Maps the other side's arena. The caller is its first user.</summary>
    /// <returns>Null when it is none that this code knows, or the system refuses.</returns>
    public static RingArena? TryOpen(SafeDescriptor descriptor)
    {
        var largest = new RingLayout(RingLayout.MaxRings, RingLayout.MaxRingSize);
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
    public void AddUser() => Interlocked.Increment(ref _users);

    /// <summary>One user less. The last one's lets go of the memory.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            _released();
        }
    }

    /// <summary>An address. For users only, as long as they are.</summary>
    public byte* At(long offset) => (byte*)_memory.Address + offset;

    /// <summary>Gives the pages of a ring's data back.</summary>
    public void DiscardData(int place, BusSide producer) => _memory.Discard(Layout.DataOf(place, producer), Layout.RingSize);

    /// <summary>Makes a place as new: both rings empty, nobody waits. While nobody uses it.</summary>
    public void ClearIndices(int place) =>
        new Span<byte>(At(RingLayout.IndicesOf(place, BusSide.Host)), 2 * RingLayout.IndicesSize).Clear();

    private static void WriteHeader(SharedMemory memory, RingLayout layout)
    {
        byte* header = (byte*)memory.Address;
        *(uint*)(header + RingLayout.VersionOffset) = RingLayout.Version;
        *(int*)(header + RingLayout.RingsOffset) = layout.Rings;
        *(int*)(header + RingLayout.RingSizeOffset) = layout.RingSize;
        Volatile.Write(ref *(ulong*)header, RingLayout.Magic);
    }

    /// <summary>Reads the header once: what is used further on is this copy, whatever becomes of the original.</summary>
    /// <returns>Null when it is none that this code knows.</returns>
    private static RingLayout? ReadHeader(SharedMemory memory)
    {
        if (memory.Length < RingLayout.PageSize)
        {
            return null;
        }

        byte* header = (byte*)memory.Address;
        var layout = new RingLayout(*(int*)(header + RingLayout.RingsOffset), *(int*)(header + RingLayout.RingSizeOffset));
        return Volatile.Read(ref *(ulong*)header) == RingLayout.Magic && *(uint*)(header + RingLayout.VersionOffset) == RingLayout.Version && layout.IsValid
            ? layout : null;
    }
}

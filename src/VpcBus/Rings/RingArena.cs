using VpcComApi.VpcBus.Linux;

namespace VpcComApi.VpcBus.Rings;

/// <summary>
/// The shared memory of one bus, as one side has mapped it. It is unmapped when the last who uses it has let go: the bus, and each end of
/// a ring.
/// </summary>
internal sealed unsafe class RingArena
{
    private readonly SharedMemory _memory;
    private int _users = 1;

    private RingArena(SharedMemory memory, RingLayout layout)
    {
        _memory = memory;
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

        byte* header = (byte*)memory.Address;
        *(uint*)(header + RingLayout.VersionOffset) = RingLayout.Version;
        *(int*)(header + RingLayout.RingsOffset) = layout.Rings;
        *(int*)(header + RingLayout.RingSizeOffset) = layout.RingSize;
        *(ulong*)header = RingLayout.Magic;
        return new RingArena(memory, layout);
    }

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

        if (memory.Length >= RingLayout.PageSize)
        {
            // Read once: what is used further on is this copy, whatever becomes of the original.
            byte* header = (byte*)memory.Address;
            var layout = new RingLayout(*(int*)(header + RingLayout.RingsOffset), *(int*)(header + RingLayout.RingSizeOffset));
            if (*(ulong*)header == RingLayout.Magic
                && *(uint*)(header + RingLayout.VersionOffset) == RingLayout.Version
                && layout.IsValid
                && layout.TotalSize == memory.Length)
            {
                return new RingArena(memory, layout);
            }
        }

        memory.Dispose();
        return null;
    }

    /// <summary>One more user.</summary>
    public void AddUser() => Interlocked.Increment(ref _users);

    /// <summary>One user less. The last one's unmaps the memory.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            _memory.Dispose();
        }
    }

    /// <summary>An address. For users only, as long as they are.</summary>
    public byte* At(long offset) => (byte*)_memory.Address + offset;

    /// <summary>Gives the pages of a ring's data back.</summary>
    public void DiscardData(int place, BusSide producer) => _memory.Discard(Layout.DataOf(place, producer), Layout.RingSize);

    /// <summary>Makes a place as new: both rings empty, nobody waits. While nobody uses it.</summary>
    public void ClearIndices(int place) =>
        new Span<byte>(At(RingLayout.IndicesOf(place, BusSide.Host)), 2 * RingLayout.IndicesSize).Clear();
}

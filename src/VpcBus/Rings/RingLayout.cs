namespace VpcComApi.VpcBus.Rings;

/// <summary>
/// The layout of the shared memory of a bus, specified in docs/vpcbus.md, section Rings. Little-endian, like the supported processors.
/// </summary>
/// <param name="Rings">Pairs that have a slot.</param>
/// <param name="RingSize">Bytes of each ring's data; a power of two.</param>
internal readonly record struct RingLayout(int Rings, int RingSize)
{
    /// <summary>The size of a page in bytes; the parts of the layout begin at multiples of it.</summary>
    public const int PageSize = 4096;

    /// <summary>The most slots: one bit each in 64 words of 64 bits.</summary>
    public const int MaxRings = 64 * 64;

    /// <summary>The smallest ring: one page, so that its pages can be given back.</summary>
    public const int MinRingSize = PageSize;

    /// <summary>The largest ring.</summary>
    public const int MaxRingSize = 16 * 1024 * 1024;

    /// <summary>"VPCRings", as a number.</summary>
    public const ulong Magic = 0x73676E6952435056;

    /// <summary>The version of the layout that this code supports.</summary>
    public const uint Version = 1;

    /// <summary>In the first page: u64 magic, u32 version, u32 slots, u32 ring size, 4 bytes 0, 16 bytes key.</summary>
    public const int VersionOffset = 8;

    /// <summary>See <see cref="VersionOffset"/>.</summary>
    public const int RingsOffset = 12;

    /// <summary>See <see cref="VersionOffset"/>.</summary>
    public const int RingSizeOffset = 16;

    /// <summary>See <see cref="VersionOffset"/>. All zeros where the memory is received over the link.</summary>
    public const int KeyOffset = 24;

    /// <summary>Bytes of the key.</summary>
    public const int KeyLength = 16;

    /// <summary>In a doorbell's page: u32, 1 while its reader sleeps.</summary>
    public const int SleepingOffset = 0;

    /// <summary>In a doorbell's page: u64, a bit for each word that is not 0.</summary>
    public const int SummaryOffset = 128;

    /// <summary>In a doorbell's page: u64 words, a bit for each slot.</summary>
    public const int WordsOffset = 256;

    /// <summary>Bytes of one ring's indices: those of the producer and those of the consumer, in cache lines of their own.</summary>
    public const int IndicesSize = 256;

    /// <summary>In the indices: u64, bytes written so far. Set by the producer.</summary>
    public const int TailOffset = 0;

    /// <summary>In the indices: u64, the count of bytes at the ring's first byte. Set by the producer.</summary>
    public const int BaseOffset = 8;

    /// <summary>In the indices: u32, 1 while the producer waits for room. Set by the producer, cleared by the consumer.</summary>
    public const int RoomWantedOffset = 16;

    /// <summary>In the indices: u64, bytes read so far. Set by the consumer.</summary>
    public const int HeadOffset = 128;

    /// <summary>In the indices: u32, 1 while the consumer waits for bytes. Set by the consumer, cleared by the producer.</summary>
    public const int BytesWantedOffset = 136;

    private const int IndicesStart = 3 * PageSize;

    /// <summary>The offset of the rings' data.</summary>
    public long DataStart => IndicesStart + RoundToPage((long)Rings * 2 * IndicesSize);

    /// <summary>The total size in bytes.</summary>
    public long TotalSize => DataStart + ((long)Rings * 2 * RingSize);

    /// <summary>The offset of the page of the doorbell that a side reads and the other one rings.</summary>
    public static int DoorbellOf(BusSide reader) => reader == BusSide.Guest ? PageSize : 2 * PageSize;

    /// <summary>The offset of the indices of the ring of which a side is the producer.</summary>
    public static int IndicesOf(int slot, BusSide producer) => IndicesStart + (((slot * 2) + (int)producer) * IndicesSize);

    /// <summary>The offset of the data of the ring of which a side is the producer.</summary>
    public long DataOf(int slot, BusSide producer) => DataStart + (((slot * 2L) + (int)producer) * RingSize);

    /// <summary>Whether the numbers are within their limits.</summary>
    public bool IsValid => Rings is >= 1 and <= MaxRings && RingSize is >= MinRingSize and <= MaxRingSize && int.IsPow2(RingSize);

    private static long RoundToPage(long length) => (length + PageSize - 1) & ~(PageSize - 1L);
}

namespace VpcComApi.VpcBus.Rings;

/// <summary>
/// Memory in which the rings of a bus lie: what two processes map, or, where both ends are in one process, a piece of its heap. It stays
/// where it is. <see cref="RingArena"/> alone looks into it.
/// </summary>
internal interface IRingMemory
{
    /// <summary>The first byte, at a multiple of 8. Whoever keeps it keeps this object too.</summary>
    nint Address { get; }

    /// <summary>How many bytes there are.</summary>
    long Length { get; }

    /// <summary>Gives the pages of a range back, if it can; those that it gives back read as zeros from then on.</summary>
    /// <param name="offset">Where the range begins, a multiple of the page size.</param>
    /// <param name="length">Bytes, a multiple of the page size.</param>
    void Discard(long offset, long length);
}

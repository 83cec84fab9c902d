namespace VpcComApi.VpcBus.Rings;

/// <summary>
/// The memory of a bus's rings: memory that two processes map, or, where both ends are in one process, a part of its heap. Its address does
/// not change. Only <see cref="RingArena"/> reads and writes it.
/// </summary>
internal interface IRingMemory
{
    /// <summary>The first byte, at a multiple of 8. A user of it must keep a reference to this object too.</summary>
    nint Address { get; }

    /// <summary>The size in bytes.</summary>
    long Length { get; }

    /// <summary>Returns the pages of a range to the system, if possible; returned pages read as zeros from then on.</summary>
    /// <param name="offset">The begin of the range, a multiple of the page size.</param>
    /// <param name="length">Bytes, a multiple of the page size.</param>
    void Discard(long offset, long length);
}

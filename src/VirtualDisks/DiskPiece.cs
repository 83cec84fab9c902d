namespace VpcComApi.VirtualDisks;

/// <summary>A part of a disk on its way from one image to another.</summary>
/// <param name="Offset">Where it is on the disk.</param>
/// <param name="Buffer">A rented buffer with its content; null for a piece that only counts as done.</param>
/// <param name="Length">Bytes of content.</param>
/// <param name="Done">Bytes that are done when it is written, what was skipped before it included.</param>
internal readonly record struct DiskPiece(long Offset, byte[]? Buffer, int Length, long Done);

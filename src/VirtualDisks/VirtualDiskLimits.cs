namespace VpcComApi.VirtualDisks;

/// <summary>The sizes that images can have, and the bounds on what a file from elsewhere may ask of this program.</summary>
public static class VirtualDiskLimits
{
    /// <summary>Bytes of a sector; every offset and length on a disk is a multiple of it.</summary>
    public const int SectorSize = 512;

    /// <summary>The smallest disk that is made: 3 MB.</summary>
    public const long MinimumSize = 3L << 20;

    /// <summary>The largest disk: 2,040 GB, where the 32-bit sector numbers of the format end.</summary>
    public const long MaximumSize = 2040L << 30;

    /// <summary>The longest chain of differencing images, the base included.</summary>
    public const int MaximumChainLength = 64;

    /// <summary>Bytes of a block in the images made here, and in those of every known program: 2 MB.</summary>
    internal const int BlockSize = 2 << 20;

    /// <summary>The smallest block that is read.</summary>
    internal const int MinimumBlockSize = 512 << 10;

    /// <summary>The largest block that is read.</summary>
    internal const int MaximumBlockSize = 64 << 20;

    /// <summary>The most entries of a block table: the largest disk in the smallest blocks, rounded up.</summary>
    internal const int MaximumTableEntries = 4 << 20;

    /// <summary>The most bytes of a parent's path in one locator.</summary>
    internal const int MaximumLocatorLength = 64 << 10;
}

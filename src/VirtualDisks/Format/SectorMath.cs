namespace VpcComApi.VirtualDisks.Format;

/// <summary>Rounding to sectors.</summary>
internal static class SectorMath
{
    /// <summary>The next multiple of a sector.</summary>
    /// <param name="length">A number of bytes.</param>
    public static long RoundUp(long length) =>
        (length + VirtualDiskLimits.SectorSize - 1) / VirtualDiskLimits.SectorSize * VirtualDiskLimits.SectorSize;

    /// <inheritdoc cref="RoundUp(long)"/>
    public static int RoundUp(int length) => checked((int)RoundUp((long)length));

    /// <summary>Bytes of the sector bitmap before a block: one bit a sector, rounded up to sectors.</summary>
    /// <param name="blockSize">Bytes of the block's data.</param>
    public static int BitmapLength(int blockSize) => RoundUp((blockSize / VirtualDiskLimits.SectorSize + 7) / 8);
}

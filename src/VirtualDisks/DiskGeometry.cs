namespace VpcComApi.VirtualDisks;

/// <summary>Cylinders, heads and sectors that a disk shows to programs that still ask for them.</summary>
/// <param name="Cylinders">1 to 65,535.</param>
/// <param name="Heads">4 to 16.</param>
/// <param name="SectorsPerTrack">17, 31, 63 or 255.</param>
public readonly record struct DiskGeometry(int Cylinders, int Heads, int SectorsPerTrack)
{
    private const int MaximumCylinders = 65_535;
    private const int MaximumHeads = 16;

    /// <summary>The most cylinders that an old BIOS can address; more heads are used to stay below it.</summary>
    private const int BiosCylinders = 1024;

    /// <summary>The geometry of a disk, by the calculation in the appendix of the Virtual Hard Disk Image Format Specification.</summary>
    /// <param name="size">The disk's size in bytes.</param>
    internal static DiskGeometry Of(long size)
    {
        long sectors = Math.Min(size / VirtualDiskLimits.SectorSize, (long)MaximumCylinders * MaximumHeads * 255);
        if (sectors >= (long)MaximumCylinders * MaximumHeads * 63)
        {
            return new DiskGeometry((int)(sectors / 255 / MaximumHeads), MaximumHeads, 255);
        }

        int perTrack = 17;
        long tracks = sectors / perTrack;
        int heads = (int)Math.Max((tracks + BiosCylinders - 1) / BiosCylinders, 4);
        if (tracks >= (long)heads * BiosCylinders || heads > MaximumHeads)
        {
            perTrack = 31;
            heads = MaximumHeads;
            tracks = sectors / perTrack;
        }

        if (tracks >= (long)heads * BiosCylinders)
        {
            perTrack = 63;
            heads = MaximumHeads;
            tracks = sectors / perTrack;
        }

        return new DiskGeometry((int)(tracks / heads), heads, perTrack);
    }
}

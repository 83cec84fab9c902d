namespace VpcComApi.VirtualDisks.Media;

/// <summary>The floppy disks there are images of. The numbers are those of the contract's VMFloppyDiskImageType.</summary>
public enum FloppyImageKind
{
    /// <summary>None of these.</summary>
    Unknown = 0,

    /// <summary>720 KB.</summary>
    LowDensity = 1,

    /// <summary>1.44 MB.</summary>
    HighDensity = 2,

    /// <summary>1.68 MB, the format that Microsoft distributed programs on.</summary>
    DistributionMedia = 3,

    /// <summary>360 KB: 80 tracks on one side.</summary>
    LowDensitySingleSided = 4,

    /// <summary>1.2 MB.</summary>
    MediumDensity = 5,

    /// <summary>1.84 MB, with sectors of several sizes (XDF).</summary>
    HighDensityMixedSectors = 6,
}

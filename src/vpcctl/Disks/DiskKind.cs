namespace VpcComApi.CommandLine.Disks;

/// <summary>What an image is, for a person and a script.</summary>
internal enum DiskKind
{
    /// <summary>A hard disk whose file grows with what is written.</summary>
    Dynamic,

    /// <summary>A hard disk whose file has room for all of it.</summary>
    Fixed,

    /// <summary>A hard disk that keeps what differs from another.</summary>
    Differencing,

    /// <summary>A floppy disk.</summary>
    Floppy,
}

namespace VpcComApi.VirtualDisks;

/// <summary>How an image keeps its content.</summary>
public enum VirtualDiskKind
{
    /// <summary>The file grows as blocks are written.</summary>
    Dynamic = 0,

    /// <summary>The file has room for the whole disk from the beginning.</summary>
    FixedSize = 1,

    /// <summary>The file holds what differs from another image, its parent.</summary>
    Differencing = 2,
}

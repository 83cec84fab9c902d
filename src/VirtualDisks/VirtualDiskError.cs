namespace VpcComApi.VirtualDisks;

/// <summary>
/// Why an image was refused. Failures of the file system itself stay <see cref="IOException"/> and
/// <see cref="UnauthorizedAccessException"/>.
/// </summary>
public enum VirtualDiskError
{
    /// <summary>The file is no virtual hard disk.</summary>
    Foreign,

    /// <summary>The file is a virtual hard disk that was cut or overwritten, or says things that cannot be.</summary>
    Damaged,

    /// <summary>
    /// The file is a virtual hard disk of a kind that is no longer used, such as one that is linked to a disk of the host.
    /// </summary>
    Unsupported,

    /// <summary>The size asked for is beyond the format's limit.</summary>
    TooLarge,

    /// <summary>The size asked for is below the limit.</summary>
    TooSmall,

    /// <summary>The operation does not fit the kind of image.</summary>
    WrongKind,

    /// <summary>The parent of a differencing image is not where the image says.</summary>
    ParentNotFound,

    /// <summary>The file in the parent's place is another image.</summary>
    ParentMismatch,

    /// <summary>The image, or the parent that would have to be changed, may not be written.</summary>
    ReadOnly,

    /// <summary>Somebody else is using the file.</summary>
    InUse,

    /// <summary>There is a file of the new image's name already.</summary>
    AlreadyExists,

    /// <summary>There is no room on the volume.</summary>
    DiskFull,
}

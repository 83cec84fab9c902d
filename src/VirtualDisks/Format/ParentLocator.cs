namespace VpcComApi.VirtualDisks.Format;

/// <summary>One of up to eight entries of a header that say where the parent's path stands in the file.</summary>
/// <param name="Platform">The form of the path, four letters as a number.</param>
/// <param name="Length">Bytes of the path.</param>
/// <param name="Offset">Where it stands.</param>
internal readonly record struct ParentLocator(uint Platform, int Length, long Offset)
{
    /// <summary>"W2ku": an absolute Windows path, UTF-16 little-endian.</summary>
    public const uint WindowsAbsolute = 0x57326B75;

    /// <summary>"W2ru": a Windows path relative to the image's folder, UTF-16 little-endian.</summary>
    public const uint WindowsRelative = 0x57327275;

    /// <summary>"MacX": a file URL, UTF-8.</summary>
    public const uint MacUrl = 0x4D616358;
}

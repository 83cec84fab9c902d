using VpcComApi.VirtualDisks.Files;
using VpcComApi.VirtualDisks.Format;
using VpcComApi.VirtualDisks.Images;

namespace VpcComApi.VirtualDisks;

/// <summary>What an image says of itself. Reading it takes two reads of the file, and touches no other.</summary>
public sealed record VirtualDiskInfo
{
    private VirtualDiskInfo(IDiskFile file, ImageHead head)
    {
        Path = file.Path;
        Kind = head.Footer.Kind!.Value;
        Size = head.Footer.Size;
        UniqueId = head.Footer.UniqueId;
        CreatedUtc = head.Footer.CreatedUtc;
        Geometry = head.Footer.Geometry;
        Creator = head.Footer.Creator;
        CreatorVersion = head.Footer.CreatorVersion;
        CreatorHost = head.Footer.CreatorHost;
        IsFooterMissing = head.FooterIsCopy;
        BlockSize = (int)(head.Header?.BlockSize ?? 0);
        if (Kind == VirtualDiskKind.Differencing)
        {
            ParentId = head.Header!.ParentId;
            ParentTimeStampUtc = DiskTimeStamp.ToUtc(head.Header.ParentTimeStamp);
            ParentPlaces = ParentPaths.Read(file, head.Header);
        }
    }

    /// <summary>The image's full path.</summary>
    public string Path { get; }

    /// <summary>How its content is kept.</summary>
    public VirtualDiskKind Kind { get; }

    /// <summary>The disk's size in bytes, as a guest sees it.</summary>
    public long Size { get; }

    /// <summary>Identifies the image.</summary>
    public Guid UniqueId { get; }

    /// <summary>When the image was made.</summary>
    public DateTime CreatedUtc { get; }

    /// <summary>The geometry that stands in the image.</summary>
    public DiskGeometry Geometry { get; }

    /// <summary>The program that made the image, in up to four printable characters such as "win", "vpc" or "qemu".</summary>
    public string Creator { get; }

    /// <summary>The version of the program that made the image.</summary>
    public Version CreatorVersion { get; }

    /// <summary>The system that it ran on, in up to four printable characters: "Wi2k" for Windows, "Mac" for the Macintosh.</summary>
    public string CreatorHost { get; }

    /// <summary>Bytes of a block of a growing image; 0 in a fixed image.</summary>
    public int BlockSize { get; }

    /// <summary>
    /// Whether the footer at the end is missing, as after a crash, and its copy at the beginning was read. The next write puts it back.
    /// </summary>
    internal bool IsFooterMissing { get; }

    /// <summary>The parent's unique id; empty without a parent.</summary>
    public Guid ParentId { get; }

    /// <summary>The parent file's time of last change when the two were linked; null without a parent.</summary>
    internal DateTime? ParentTimeStampUtc { get; }

    /// <summary>Where the image says that its parent is, in the order in which the places are tried.</summary>
    internal IReadOnlyList<string> ParentPlaces { get; } = [];

    /// <summary>Reads what an image says of itself.</summary>
    /// <param name="path">The image.</param>
    /// <exception cref="VirtualDiskException">The file is foreign, damaged or in use.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static VirtualDiskInfo Read(string path)
    {
        using DiskFile file = DiskFile.OpenForLook(path);
        return new VirtualDiskInfo(file, ImageHead.Read(file));
    }

    /// <summary>Finds the parent.</summary>
    /// <returns>The parent's path.</returns>
    /// <exception cref="VirtualDiskException">
    /// <see cref="VirtualDiskError.ParentNotFound"/>, or <see cref="VirtualDiskError.ParentMismatch"/>: other images stand in all the
    /// places.
    /// </exception>
    public string FindParent()
    {
        VirtualDiskException? refusal = null;
        foreach (string place in ParentPlaces.Where(File.Exists))
        {
            try
            {
                if (Read(place).UniqueId == ParentId)
                {
                    return place;
                }

                refusal ??= new VirtualDiskException(
                    VirtualDiskError.ParentMismatch,
                    $"{place} is not the parent of {Path}: it is another virtual hard disk. Set the image's parent.")
                {
                    Image = Path,
                };
            }
            catch (VirtualDiskException e) when (e.Error is VirtualDiskError.Foreign or VirtualDiskError.Damaged)
            {
                refusal ??= e;
            }
        }

        throw refusal ?? new VirtualDiskException(
            VirtualDiskError.ParentNotFound, $"The parent of {Path} is not where the image says. Put it back, or set the image's parent.")
        {
            Image = Path,
        };
    }

    /// <summary>
    /// Whether the parent has changed since the two were linked. What a changed parent shows through its child may make no sense any more.
    /// </summary>
    /// <param name="parentPath">The parent.</param>
    public bool IsParentModified(string parentPath) =>
        ParentTimeStampUtc is { } linked && DiskTimeStamp.Of(File.GetLastWriteTimeUtc(parentPath)) != DiskTimeStamp.Of(linked);
}

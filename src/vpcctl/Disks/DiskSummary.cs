using VpcComApi.VirtualDisks;
using VpcComApi.VirtualDisks.Media;
using VpcComApi.VirtualMachines;

namespace VpcComApi.CommandLine.Disks;

/// <summary>What is shown of an image. What a floppy disk's image does not have is null.</summary>
internal sealed record DiskSummary
{
    /// <summary>The image's full path.</summary>
    public required string File { get; init; }

    /// <summary>What it is.</summary>
    public required DiskKind Kind { get; init; }

    /// <summary>The disk's size in bytes, as a guest sees it.</summary>
    public required long SizeInGuest { get; init; }

    /// <summary>The file's length in bytes.</summary>
    public required long SizeOnDisk { get; init; }

    /// <summary>Bytes of a block; null in an image that does not grow.</summary>
    public int? BlockSize { get; init; }

    /// <summary>The blocks in use; null in an image that does not grow, or whose table cannot be read.</summary>
    public int? UsedBlocks { get; init; }

    /// <summary>The geometry that stands in the image.</summary>
    public DiskGeometry? Geometry { get; init; }

    /// <summary>When the image was made.</summary>
    public DateTime? CreatedUtc { get; init; }

    /// <summary>The program that made it, such as "win" or "vpc".</summary>
    public string? Creator { get; init; }

    /// <summary>The version of the program that made it.</summary>
    public string? CreatorVersion { get; init; }

    /// <summary>The system of the program that made it, such as "Wi2k" or "Mac".</summary>
    public string? CreatorHost { get; init; }

    /// <summary>Identifies the image.</summary>
    public Guid? UniqueId { get; init; }

    /// <summary>The disks below it, its parent first.</summary>
    public IReadOnlyList<DiskParent> Parents { get; init; } = [];

    /// <summary>What is wrong, and what can be done about it.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>Looks at an image.</summary>
    /// <param name="path">Its full path.</param>
    /// <exception cref="VirtualMachineException">It cannot be read, or is no disk.</exception>
    public static DiskSummary Read(string path)
    {
        try
        {
            return Of(VirtualMachineHost.InspectHardDisk(path));
        }
        catch (VirtualMachineException e) when (e.Error == VirtualMachineError.InvalidDiskFile
            && FloppyImage.KindOf(path) != FloppyImageKind.Unknown)
        {
            long length = new FileInfo(path).Length;
            return new DiskSummary { File = path, Kind = DiskKind.Floppy, SizeInGuest = length, SizeOnDisk = length };
        }
    }

    private static DiskSummary Of(VirtualDiskReport report) => new()
    {
        File = report.Info.Path,
        Kind = KindOf(report.Info.Kind),
        SizeInGuest = report.Info.Size,
        SizeOnDisk = report.Length,
        BlockSize = report.Info.BlockSize > 0 ? report.Info.BlockSize : null,
        UsedBlocks = report.UsedBlocks,
        Geometry = report.Info.Geometry,
        CreatedUtc = report.Info.CreatedUtc,
        Creator = report.Info.Creator,
        CreatorVersion = report.Info.CreatorVersion.ToString(),
        CreatorHost = report.Info.CreatorHost,
        UniqueId = report.Info.UniqueId,
        Parents =
        [
            .. report.Parents.Select(parent => new DiskParent(
                parent.Path, parent.State, parent.UniqueId, parent.Kind is { } kind ? KindOf(kind) : null)),
        ],
        Problems = report.Problems,
    };

    private static DiskKind KindOf(VirtualDiskKind kind) => kind switch
    {
        VirtualDiskKind.Dynamic => DiskKind.Dynamic,
        VirtualDiskKind.FixedSize => DiskKind.Fixed,
        _ => DiskKind.Differencing,
    };
}

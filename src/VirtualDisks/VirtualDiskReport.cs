using VpcComApi.VirtualDisks.Images;

namespace VpcComApi.VirtualDisks;

/// <summary>
/// All that is known of an image without reading its content: what it says of itself, what is below it, and what is wrong.
/// </summary>
public sealed record VirtualDiskReport
{
    /// <summary>What the image says of itself.</summary>
    public required VirtualDiskInfo Info { get; init; }

    /// <summary>The file's length in bytes.</summary>
    public required long Length { get; init; }

    /// <summary>Blocks of a growing image that are in use; null in a fixed image, and while the table cannot be read.</summary>
    public int? UsedBlocks { get; private init; }

    /// <summary>The images below a differencing image, its parent first. The last may be one that is not there.</summary>
    public IReadOnlyList<ParentReport> Parents { get; private init; } = [];

    /// <summary>What is wrong, each in a sentence that says what to do about it.</summary>
    public IReadOnlyList<string> Problems { get; private init; } = [];

    /// <summary>Looks at an image and at those below it.</summary>
    /// <param name="path">The image's full path.</param>
    /// <exception cref="VirtualDiskException">The file is foreign, damaged or being rewritten.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static VirtualDiskReport Read(string path)
    {
        VirtualDiskInfo info = VirtualDiskInfo.Read(path);
        List<string> problems = [];
        if (info.IsFooterMissing)
        {
            problems.Add(
                "The footer at its end is missing, as after a crash; the copy at its beginning is used, and the next write puts it back.");
        }

        int? usedBlocks = info.Kind == VirtualDiskKind.FixedSize ? null : CountBlocks(path, problems);
        return new VirtualDiskReport
        {
            Info = info,
            Length = new FileInfo(path).Length,
            UsedBlocks = usedBlocks,
            Parents = FindParents(info, problems),
            Problems = problems,
        };
    }

    private static int? CountBlocks(string path, List<string> problems)
    {
        try
        {
            using SparseImage image = DiskChain.OfFiles.OpenWithoutParents(path);
            return image.UsedBlocks.Count();
        }
        catch (VirtualDiskException e)
        {
            problems.Add(e.Message);
            return null;
        }
    }

    private static List<ParentReport> FindParents(VirtualDiskInfo image, List<string> problems)
    {
        List<ParentReport> parents = [];
        HashSet<string> seen = [image.Path];
        for (VirtualDiskInfo? child = image; child is { Kind: VirtualDiskKind.Differencing };)
        {
            child = FindParent(child, parents, problems);
            if (child is not null && (!seen.Add(child.Path) || seen.Count > VirtualDiskLimits.MaximumChainLength))
            {
                problems.Add($"The chain of its parents goes in a circle, or has more than {VirtualDiskLimits.MaximumChainLength} links. "
                    + "Put copies in their places.");
                break;
            }
        }

        return parents;
    }

    private static VirtualDiskInfo? FindParent(VirtualDiskInfo child, List<ParentReport> parents, List<string> problems)
    {
        string place = child.ParentPlaces.FirstOrDefault(File.Exists) ?? (child.ParentPlaces is [string first, ..] ? first : string.Empty);
        try
        {
            place = child.FindParent();
            VirtualDiskInfo parent = VirtualDiskInfo.Read(place);
            bool isModified = child.IsParentModified(place);
            if (isModified)
            {
                problems.Add($"{place} has changed since {child.Path} was made from it. "
                    + "Put it back as it was, or accept it by setting the image's parent.");
            }

            if (parent.Kind != VirtualDiskKind.FixedSize)
            {
                CountBlocks(place, problems);
            }

            parents.Add(new ParentReport(place, isModified ? ParentState.Modified : ParentState.Unchanged, child.ParentId, parent.Kind));
            return parent;
        }
        catch (Exception e) when (e is VirtualDiskException or IOException or UnauthorizedAccessException)
        {
            problems.Add(e.Message);
            parents.Add(new ParentReport(place, StateOf(e), child.ParentId, Kind: null));
            return null;
        }
    }

    private static ParentState StateOf(Exception refusal) => refusal switch
    {
        VirtualDiskException { Error: VirtualDiskError.ParentNotFound } => ParentState.NotFound,
        VirtualDiskException { Error: VirtualDiskError.ParentMismatch } => ParentState.OtherDisk,
        _ => ParentState.Unreadable,
    };
}

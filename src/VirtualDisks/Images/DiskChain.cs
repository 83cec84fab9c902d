using VpcComApi.VirtualDisks.Files;
using VpcComApi.VirtualDisks.Format;

namespace VpcComApi.VirtualDisks.Images;

/// <summary>Opens an image with all the images below it.</summary>
/// <param name="open">Opens a file: its path, and whether it will be written.</param>
internal sealed class DiskChain(Func<string, bool, IDiskFile> open)
{
    /// <summary>Chains of real files.</summary>
    public static DiskChain OfFiles { get; } = new(DiskFile.Open);

    /// <summary>Opens an image and its parents. Parents are opened for reading alone.</summary>
    /// <param name="path">The image's full path.</param>
    /// <param name="writable">Whether the image will be written.</param>
    /// <exception cref="VirtualDiskException">An image of the chain is foreign, damaged, missing or in use.</exception>
    public DiskImage Open(string path, bool writable) => Open(path, writable, expected: null, depth: 1);

    /// <summary>Opens a growing image alone, for reading what is its own.</summary>
    /// <param name="path">The image's full path.</param>
    public SparseImage OpenWithoutParents(string path)
    {
        IDiskFile file = open(path, false);
        try
        {
            return new SparseImage(file, ImageHead.Read(file), parent: null);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private DiskImage Open(string path, bool writable, (Guid Id, string Child)? expected, int depth)
    {
        if (depth > VirtualDiskLimits.MaximumChainLength)
        {
            throw new VirtualDiskException(
                VirtualDiskError.Damaged,
                $"The chain of differencing images that {path} is part of has more than {VirtualDiskLimits.MaximumChainLength} links, or "
                    + "goes in a circle.");
        }

        IDiskFile file = open(path, writable);
        try
        {
            ImageHead head = ImageHead.Read(file);
            if (expected is { } parent && head.Footer.UniqueId != parent.Id)
            {
                throw new VirtualDiskException(
                    VirtualDiskError.ParentMismatch,
                    $"{path} is not the parent it is taken for: it is another virtual hard disk. Set the parent of {parent.Child} anew.")
                {
                    Image = parent.Child,
                };
            }

            return head.Footer.Kind switch
            {
                VirtualDiskKind.FixedSize => new FixedImage(file, head.Footer),
                VirtualDiskKind.Dynamic => new SparseImage(file, head, parent: null),
                _ => OpenWithParent(file, head, depth),
            };
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private SparseImage OpenWithParent(IDiskFile file, ImageHead head, int depth)
    {
        DiskImage parent = OpenParent(file, head.Header!, depth);
        try
        {
            return new SparseImage(file, head, parent);
        }
        catch
        {
            parent.Dispose();
            throw;
        }
    }

    private DiskImage OpenParent(IDiskFile file, SparseHeader header, int depth)
    {
        VirtualDiskException? mismatch = null;
        foreach (string place in ParentPaths.Read(file, header).Where(File.Exists))
        {
            try
            {
                return Open(place, writable: false, (header.ParentId, file.Path), depth + 1);
            }
            catch (VirtualDiskException e) when (e.Error == VirtualDiskError.ParentMismatch)
            {
                mismatch = e;
            }
        }

        throw mismatch ?? new VirtualDiskException(
            VirtualDiskError.ParentNotFound,
            $"The parent of {file.Path} ('{header.ParentName}') is not where the image says. Put it back, or set the image's parent.")
        {
            Image = file.Path,
        };
    }
}

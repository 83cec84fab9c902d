using VpcComApi.VirtualDisks.Files;
using VpcComApi.VirtualDisks.Format;
using VpcComApi.VirtualDisks.Images;

namespace VpcComApi.VirtualDisks;

/// <summary>
/// Makes new images. A new image takes its name when it is whole and on the disk; an operation that is cancelled, fails or crashes leaves
/// no image.
/// </summary>
public static class DiskCreation
{
    private const int ZerosLength = 4 << 20;

    /// <summary>Makes an image that grows with what is written. It takes milliseconds, whatever the disk's size.</summary>
    /// <param name="path">The new file; its folder exists.</param>
    /// <param name="size">The disk's size in bytes, whole sectors, 3 MB to 2,040 GB.</param>
    /// <exception cref="VirtualDiskException">The size is not possible, the name is taken, or there is no room.</exception>
    public static void CreateDynamic(string path, long size)
    {
        CheckSize(size);
        using NewDiskFile created = NewDiskFile.Begin(Path.GetFullPath(path));
        new SparseImageWriter(created.File, VirtualDiskKind.Dynamic, size).Finish();
        created.Commit();
    }

    /// <summary>Makes an image with room for the whole disk. All of it is written, so that nothing can run out later.</summary>
    /// <param name="path">The new file; its folder exists.</param>
    /// <param name="size">The disk's size in bytes, whole sectors, 3 MB to 2,040 GB.</param>
    /// <param name="progress">Hears percentages.</param>
    /// <param name="cancellationToken">Gives the image up.</param>
    /// <exception cref="VirtualDiskException">The size is not possible, the name is taken, or there is no room.</exception>
    public static void CreateFixed(string path, long size, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        CheckSize(size);
        using NewDiskFile created = NewDiskFile.Begin(Path.GetFullPath(path));
        OperationProgress done = new(size, progress, cancellationToken);
        byte[] zeros = new byte[ZerosLength];
        for (long offset = 0; offset < size;)
        {
            int length = (int)Math.Min(zeros.Length, size - offset);
            created.File.Write(offset, zeros.AsSpan(0, length));
            offset += length;
            done.Advance(length);
        }

        created.File.Write(size, DiskFooter.Create(VirtualDiskKind.FixedSize, size, DiskFooter.NoHeader).Bytes);
        created.Commit();
    }

    /// <summary>Makes an image that keeps what differs from a parent.</summary>
    /// <param name="path">The new file; its folder exists.</param>
    /// <param name="parentPath">The parent, an image of whatever kind.</param>
    /// <exception cref="VirtualDiskException">
    /// The parent is unusable or in use, the name is taken, the chain is too long, or there is no room.
    /// </exception>
    public static void CreateDifferencing(string path, string parentPath)
    {
        string fullPath = Path.GetFullPath(path);
        string fullParentPath = Path.GetFullPath(parentPath);
        using DiskImage parent = DiskChain.OfFiles.Open(fullParentPath, writable: false);
        using NewDiskFile created = NewDiskFile.Begin(fullPath);
        ParentLink link = new(fullPath, fullParentPath, parent.Footer.UniqueId);
        new SparseImageWriter(created.File, VirtualDiskKind.Differencing, parent.Size, link).Finish();
        created.Commit();
    }

    /// <summary>Refuses a size that no image can have.</summary>
    /// <param name="size">The size in bytes.</param>
    /// <exception cref="VirtualDiskException">
    /// <see cref="VirtualDiskError.TooSmall"/> or <see cref="VirtualDiskError.TooLarge"/>.
    /// </exception>
    public static void CheckSize(long size)
    {
        if (size < VirtualDiskLimits.MinimumSize)
        {
            throw new VirtualDiskException(
                VirtualDiskError.TooSmall,
                $"A virtual hard disk cannot have {size >> 20:N0} MB. It has {VirtualDiskLimits.MinimumSize >> 20} MB at least.");
        }

        if (size > VirtualDiskLimits.MaximumSize)
        {
            throw new VirtualDiskException(
                VirtualDiskError.TooLarge,
                $"A virtual hard disk cannot have {size >> 20:N0} MB. It has {VirtualDiskLimits.MaximumSize >> 20:N0} MB at most.");
        }

        ArgumentOutOfRangeException.ThrowIfNotEqual(size % VirtualDiskLimits.SectorSize, 0, nameof(size));
    }
}

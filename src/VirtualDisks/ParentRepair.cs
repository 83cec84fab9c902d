using VpcComApi.VirtualDisks.Files;
using VpcComApi.VirtualDisks.Format;
using VpcComApi.VirtualDisks.Images;

namespace VpcComApi.VirtualDisks;

/// <summary>
/// Writes into a differencing image where its parent is now. The new header is written behind the old footer and counts from the moment
/// when the new footer behind it is on the disk, so a crash leaves the old link or the new one.
/// </summary>
public static class ParentRepair
{
    /// <summary>Links an image to its parent, in a new place or after a change that is to be accepted.</summary>
    /// <param name="path">The differencing image.</param>
    /// <param name="parentPath">The parent; it must be the image that the child was made from.</param>
    /// <exception cref="VirtualDiskException">
    /// <see cref="VirtualDiskError.ParentMismatch"/>: another image; <see cref="VirtualDiskError.WrongKind"/>: not a differencing image; or
    /// unusable, or in use.
    /// </exception>
    public static void SetParent(string path, string parentPath)
    {
        string fullPath = Path.GetFullPath(path);
        string fullParentPath = Path.GetFullPath(parentPath);
        Guid parentId;
        using (DiskImage parent = DiskChain.OfFiles.Open(fullParentPath, writable: false))
        {
            parentId = parent.Footer.UniqueId;
            if (parent.Parent is not null && ParentOf(parent, fullPath))
            {
                throw new VirtualDiskException(
                    VirtualDiskError.ParentMismatch, $"{fullParentPath} builds on {fullPath} itself, so it cannot be its parent.");
            }
        }

        using IDiskFile file = DiskFile.Open(fullPath, writable: true);
        Relink(file, fullParentPath, parentId);
    }

    /// <summary>Accepts a parent as it is now. Does nothing when it has not changed.</summary>
    /// <param name="path">The differencing image.</param>
    /// <param name="parentPath">Its parent.</param>
    public static void AcceptParent(string path, string parentPath)
    {
        if (VirtualDiskInfo.Read(path).IsParentModified(parentPath))
        {
            using DiskFile file = DiskFile.Open(path, writable: true);
            AcceptTimeStamp(file, DiskTimeStamp.Of(File.GetLastWriteTimeUtc(parentPath)));
        }
    }

    /// <summary>Writes the parent's time of last change, in one sector, which a disk writes or does not.</summary>
    /// <param name="file">The image's file, open for writing.</param>
    /// <param name="parentTimeStamp">The time.</param>
    internal static void AcceptTimeStamp(IDiskFile file, uint parentTimeStamp)
    {
        ImageHead head = ImageHead.Read(file);
        if (head.Header is null || head.Footer.Kind != VirtualDiskKind.Differencing)
        {
            throw new VirtualDiskException(VirtualDiskError.WrongKind, $"{file.Path} is no differencing disk, so it has no parent.");
        }

        file.Write(head.Footer.HeaderOffset, head.Header.WithParentTimeStamp(parentTimeStamp).Bytes[..VirtualDiskLimits.SectorSize]);
        file.Flush();
    }

    /// <summary>Writes the link.</summary>
    /// <param name="file">The image's file, open for writing.</param>
    /// <param name="parentPath">The parent's full path.</param>
    /// <param name="parentId">The parent's unique id.</param>
    internal static void Relink(IDiskFile file, string parentPath, Guid parentId)
    {
        ImageHead head = ImageHead.Read(file);
        if (head.Header is null || head.Footer.Kind != VirtualDiskKind.Differencing)
        {
            throw new VirtualDiskException(VirtualDiskError.WrongKind, $"{file.Path} is no differencing disk, so it has no parent.");
        }

        if (head.Header.ParentId != parentId)
        {
            throw new VirtualDiskException(
                VirtualDiskError.ParentMismatch,
                $"{parentPath} is not the image that {file.Path} was made from. Find that one, by its unique id.");
        }

        DiskFooter footer = Append(file, head, new ParentLink(file.Path, parentPath, parentId));
        file.Write(0, footer.Bytes);
        file.Flush();
    }

    private static DiskFooter Append(IDiskFile file, ImageHead head, ParentLink link)
    {
        // Nothing that is in the file is written over.
        long length = file.Length;
        long end = SectorMath.RoundUp(length);
        try
        {
            SparseHeader header = link.WriteInto(head.Header!, file, ref end);
            file.Write(end, header.Bytes);
            file.Flush();
            DiskFooter footer = head.Footer.WithHeaderAt(end);
            file.Write(end + SparseHeader.Length, footer.Bytes);
            file.Flush();
            return footer;
        }
        catch (VirtualDiskException e) when (e.Error == VirtualDiskError.DiskFull)
        {
            file.Cut(length);
            throw;
        }
    }

    private static bool ParentOf(DiskImage image, string path)
    {
        for (DiskImage? link = image; link is not null; link = link.Parent)
        {
            if (link.File.Path == path)
            {
                return true;
            }
        }

        return false;
    }
}

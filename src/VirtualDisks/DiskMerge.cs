using System.Buffers;
using VpcComApi.VirtualDisks.Images;

namespace VpcComApi.VirtualDisks;

/// <summary>
/// Writes what a differencing image holds into its parent. The image itself stays, and shows the same content before, during and after: a
/// merge that was cancelled, failed or crashed leaves a usable disk and can be done again. Other children of the parent are no longer
/// valid, and it shows in their time stamps.
/// </summary>
public static class DiskMerge
{
    /// <summary>Merges an image into its parent.</summary>
    /// <param name="path">The differencing image.</param>
    /// <param name="progress">Hears percentages.</param>
    /// <param name="cancellationToken">Ends the merge; it can be done again.</param>
    /// <exception cref="VirtualDiskException">
    /// The image is not differencing, an image is unusable, in use or read-only, or there is no room.
    /// </exception>
    public static void IntoParent(string path, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        VirtualDiskInfo child = VirtualDiskInfo.Read(Path.GetFullPath(path));
        if (child.Kind != VirtualDiskKind.Differencing)
        {
            throw new VirtualDiskException(
                VirtualDiskError.WrongKind, $"{child.Path} is no differencing disk; only those can be merged into their parent.");
        }

        string parentPath = child.FindParent();
        try
        {
            Merge(child.Path, parentPath, progress, cancellationToken);
        }
        catch
        {
            TryAcceptParent(child.Path, parentPath);
            throw;
        }

        // The parent has changed, and this child is the one that still fits.
        ParentRepair.AcceptParent(child.Path, parentPath);
    }

    private static void TryAcceptParent(string path, string parentPath)
    {
        try
        {
            ParentRepair.AcceptParent(path, parentPath);
        }
        catch (Exception e) when (e is VirtualDiskException or IOException or UnauthorizedAccessException)
        {
            // The caller gets the failure of the merge; a parent that shows as changed can be accepted later.
        }
    }

    private static void Merge(string path, string parentPath, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        using DiskImage parent = DiskChain.OfFiles.Open(parentPath, writable: true);
        using SparseImage child = DiskChain.OfFiles.OpenWithoutParents(path);
        Copy(child, parent, progress, cancellationToken);
    }

    /// <summary>Copies an image's own sectors into its parent.</summary>
    /// <param name="child">The image.</param>
    /// <param name="parent">The parent, open for writing.</param>
    /// <param name="progress">Hears percentages.</param>
    /// <param name="cancellationToken">Ends it.</param>
    internal static void Copy(SparseImage child, DiskImage parent, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        if (child.Size > parent.Size)
        {
            throw new VirtualDiskException(
                VirtualDiskError.WrongKind,
                $"{child.File.Path} is larger than its parent {parent.File.Path}, so it cannot be merged into it. "
                    + "Write both into a new disk.")
            {
                Image = child.File.Path,
            };
        }

        int[] blocks = [.. child.UsedBlocks];
        OperationProgress done = new((long)blocks.Length * child.BlockSize, progress, cancellationToken);
        try
        {
            ReadAhead.Run(ReadOwn(child, blocks), piece =>
            {
                if (piece.Buffer is not null)
                {
                    parent.Write(piece.Offset, piece.Buffer.AsSpan(0, piece.Length));
                    ArrayPool<byte>.Shared.Return(piece.Buffer);
                }

                done.Advance(piece.Done);
            });
        }
        catch
        {
            KeepWhatWasMerged(parent);
            throw;
        }

        parent.Flush();
    }

    /// <summary>
    /// Blocks that were added count from here on. Otherwise they would fill the volume without being of use to the next try.
    /// </summary>
    private static void KeepWhatWasMerged(DiskImage parent)
    {
        try
        {
            parent.Flush();
        }
        catch (Exception e) when (e is VirtualDiskException or IOException)
        {
            // The caller gets the failure that ended the merge.
        }
    }

    private static IEnumerable<DiskPiece> ReadOwn(SparseImage child, IEnumerable<int> blocks)
    {
        foreach (int block in blocks)
        {
            long start = (long)block * child.BlockSize;
            foreach ((int offset, int length) in child.OwnParts(block))
            {
                byte[] buffer = ArrayPool<byte>.Shared.Rent(length);
                child.Read(start + offset, buffer.AsSpan(0, length));
                yield return new DiskPiece(start + offset, buffer, length, Done: 0);
            }

            yield return new DiskPiece(start, null, 0, child.BlockSize);
        }
    }
}

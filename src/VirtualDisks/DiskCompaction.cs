using VpcComApi.VirtualDisks.Files;
using VpcComApi.VirtualDisks.Images;

namespace VpcComApi.VirtualDisks;

/// <summary>
/// Takes the blocks out of a dynamic image that hold nothing but zeros. The smaller image is written beside the old one and takes its place
/// when it is whole: there must be room for it, and a crash leaves the old image or the new one. Content, id and time of last change stay,
/// so images that build on it stay valid.
/// </summary>
public static class DiskCompaction
{
    /// <summary>Compacts an image.</summary>
    /// <param name="path">The image.</param>
    /// <param name="progress">Hears percentages.</param>
    /// <param name="cancellationToken">Leaves the image as it is.</param>
    /// <exception cref="VirtualDiskException">The image is not dynamic, unusable, in use or read-only, or there is no room.</exception>
    public static void Compact(string path, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        string fullPath = Path.GetFullPath(path);
        DateTime changed = File.GetLastWriteTimeUtc(fullPath);
        using DiskImage source = DiskChain.OfFiles.Open(fullPath, writable: true);
        if (source.Footer.Kind != VirtualDiskKind.Dynamic)
        {
            throw new VirtualDiskException(VirtualDiskError.WrongKind, $"{fullPath} is no dynamic disk; only those can be compacted.");
        }

        using NewDiskFile compacted = NewDiskFile.BeginReplacement(fullPath);
        DiskCopy.WriteBlocks(
            source, new SparseImageWriter(compacted.File, source.Footer), new OperationProgress(source.Size, progress, cancellationToken));
        compacted.Commit(written =>
        {
            File.SetLastWriteTimeUtc(written, changed);

            // An open file cannot be replaced on Windows.
            source.Dispose();
        });
    }
}

using VpcComApi.VirtualDisks.Images;

namespace VpcComApi.VirtualDisks;

/// <summary>The content of an image and the images below it: a disk as a guest sees it. Not safe for use by many threads.</summary>
public sealed class VirtualDisk : IDisposable
{
    private readonly DiskImage image;

    internal VirtualDisk(DiskImage image) => this.image = image;

    /// <summary>The disk's size in bytes.</summary>
    public long Size => image.Size;

    /// <summary>The files that the content comes from: the image, its parent, and so on to the base.</summary>
    internal IReadOnlyList<string> Files
    {
        get
        {
            List<string> files = [];
            for (DiskImage? link = image; link is not null; link = link.Parent)
            {
                files.Add(link.File.Path);
            }

            return files;
        }
    }

    /// <summary>Opens a disk.</summary>
    /// <param name="path">The image.</param>
    /// <param name="access">Reading, or reading and writing; while it is open for writing, nobody else can open the image.</param>
    /// <exception cref="VirtualDiskException">An image of the chain is foreign, damaged, missing or in use.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static VirtualDisk Open(string path, FileAccess access) =>
        new(DiskChain.OfFiles.Open(Path.GetFullPath(path), access.HasFlag(FileAccess.Write)));

    /// <summary>Reads sectors.</summary>
    /// <param name="offset">Where, in bytes; a multiple of 512.</param>
    /// <param name="buffer">Whole sectors, inside the disk.</param>
    public void Read(long offset, Span<byte> buffer)
    {
        CheckRange(offset, buffer.Length);
        image.Read(offset, buffer);
    }

    /// <summary>Writes sectors. After a crash they are there only if <see cref="Flush"/> had returned.</summary>
    /// <param name="offset">Where, in bytes; a multiple of 512.</param>
    /// <param name="data">Whole sectors, inside the disk.</param>
    /// <exception cref="VirtualDiskException">There is no room on the volume.</exception>
    public void Write(long offset, ReadOnlySpan<byte> data)
    {
        CheckRange(offset, data.Length);
        image.Write(offset, data);
    }

    /// <summary>Brings all that was written to the disk of the host.</summary>
    public void Flush() => image.Flush();

    /// <summary>Closes the files. What was written since the last <see cref="Flush"/> may be lost.</summary>
    public void Dispose() => image.Dispose();

    private void CheckRange(long offset, int length)
    {
        if (offset < 0 || offset % VirtualDiskLimits.SectorSize != 0
            || length % VirtualDiskLimits.SectorSize != 0 || length > Size - offset)
        {
            throw new ArgumentOutOfRangeException(
                nameof(offset), $"{length:N0} bytes at {offset:N0} are not whole sectors of a disk of {Size:N0} bytes.");
        }
    }
}

using VpcComApi.VirtualDisks.Files;
using VpcComApi.VirtualDisks.Format;

namespace VpcComApi.VirtualDisks.Images;

/// <summary>One open image, with its parents below it. Not safe for use by many threads.</summary>
/// <param name="file">The file; the image closes it.</param>
/// <param name="footer">Its footer.</param>
internal abstract class DiskImage(IDiskFile file, DiskFooter footer) : IDisposable
{
    /// <summary>The file.</summary>
    public IDiskFile File { get; } = file;

    /// <summary>The footer.</summary>
    public DiskFooter Footer { get; } = footer;

    /// <summary>The disk's size in bytes.</summary>
    public long Size => Footer.Size;

    /// <summary>The parent of a differencing image.</summary>
    public virtual DiskImage? Parent => null;

    /// <summary>Reads content.</summary>
    /// <param name="offset">Where, a multiple of a sector inside the disk.</param>
    /// <param name="buffer">Whole sectors, which end inside the disk.</param>
    public abstract void Read(long offset, Span<byte> buffer);

    /// <summary>
    /// Writes content. It is safe from a crash after <see cref="Flush"/>; until then the image holds what it held before.
    /// </summary>
    /// <param name="offset">Where, a multiple of a sector inside the disk.</param>
    /// <param name="data">Whole sectors, which end inside the disk.</param>
    public abstract void Write(long offset, ReadOnlySpan<byte> data);

    /// <summary>Brings all that was written to the disk.</summary>
    public abstract void Flush();

    /// <summary>Whether a part of the disk can hold anything but zeros, as far as the images' tables say.</summary>
    /// <param name="offset">Where the part begins.</param>
    /// <param name="length">Its length.</param>
    public abstract bool MayHoldData(long offset, long length);

    /// <inheritdoc/>
    public virtual void Dispose()
    {
        Parent?.Dispose();
        File.Dispose();
    }
}

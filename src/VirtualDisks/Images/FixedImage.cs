using VpcComApi.VirtualDisks.Files;
using VpcComApi.VirtualDisks.Format;

namespace VpcComApi.VirtualDisks.Images;

/// <summary>An image that is the disk's content, followed by a footer.</summary>
/// <param name="file">The file.</param>
/// <param name="footer">Its footer.</param>
internal sealed class FixedImage(IDiskFile file, DiskFooter footer) : DiskImage(file, footer)
{
    /// <inheritdoc/>
    public override void Read(long offset, Span<byte> buffer) => File.Read(offset, buffer);

    /// <inheritdoc/>
    public override void Write(long offset, ReadOnlySpan<byte> data) => File.Write(offset, data);

    /// <inheritdoc/>
    public override void Flush() => File.Flush();

    /// <inheritdoc/>
    public override bool MayHoldData(long offset, long length) => true;
}

namespace VpcComApi.VpcBus.Tests.Links;

/// <summary>A link that breaks in both directions once so many bytes were written to it, in the middle of a frame or not.</summary>
internal sealed class CutStream(Stream inner, long bytesBeforeCut) : WrappingStream(inner)
{
    private long left = bytesBeforeCut;

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int length = (int)Math.Min(left, buffer.Length);
        await base.WriteAsync(buffer[..length], cancellationToken);
        left -= length;
        if (length < buffer.Length)
        {
            await Inner.DisposeAsync();
            throw new IOException("The link was cut.");
        }
    }
}

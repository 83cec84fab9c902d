namespace VpcComApi.VpcBus.Tests.Links;

/// <summary>A link that delivers one byte at a time.</summary>
internal sealed class SingleByteStream(Stream inner) : WrappingStream(inner)
{
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        base.ReadAsync(buffer.Length > 1 ? buffer[..1] : buffer, cancellationToken);
}

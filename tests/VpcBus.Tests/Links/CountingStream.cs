namespace VpcComApi.VpcBus.Tests.Links;

/// <summary>A link that counts how often it is written.</summary>
internal sealed class CountingStream(Stream inner) : WrappingStream(inner)
{
    private int writes;

    public int Writes => Volatile.Read(ref writes);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref writes);
        return base.WriteAsync(buffer, cancellationToken);
    }
}

using VpcComApi.VpcBus.Rings;

namespace VpcComApi.VpcBus.Tests.Links;

/// <summary>A link of a class that the bus has never seen, which declares rings as the one inside does.</summary>
internal sealed class DeclaringStream(Stream inner) : WrappingStream(inner), IRingLink
{
    public ValueTask<RingHandover?> PrepareRingsAsync(TimeProvider timeProvider, CancellationToken cancellationToken) =>
        ((IRingLink)Inner).PrepareRingsAsync(timeProvider, cancellationToken);
}

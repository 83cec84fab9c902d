using VpcComApi.VpcBus.Tests.Links;

namespace VpcComApi.VpcBus.Tests.Protocol;

/// <summary>A fresh in-memory link with a host that is about to greet.</summary>
internal sealed class LinkTest : IAsyncDisposable
{
    private readonly LinkPair link = DuplexPipeStream.CreateLink();

    public Stream Guest => link.Guest;

    public Task<BusConnection> Establish(BusOptions? options = null, CancellationToken cancellationToken = default) =>
        BusConnection.EstablishAsync(link.Host, options ?? BusPair.Options(BusSide.Host), cancellationToken);

    public ValueTask DisposeAsync() => link.DisposeAsync();
}

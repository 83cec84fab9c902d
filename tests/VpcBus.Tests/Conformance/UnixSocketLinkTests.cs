using VpcComApi.VpcBus.Tests.Links;

namespace VpcComApi.VpcBus.Tests.Conformance;

/// <summary>A Unix socket with all data in frames, as between sides of which one knows no rings.</summary>
[TestFixture]
internal sealed class UnixSocketLinkTests : LinkConformanceTests
{
    protected override async Task<LinkPair> CreateLinkAsync()
    {
        LinkPair sockets = await SocketLinks.CreateUnixAsync();
        return new LinkPair(new PlainStream(sockets.Host), sockets.Guest, sockets.CleanUp);
    }
}

using VpcComApi.VpcBus.Tests.Links;

namespace VpcComApi.VpcBus.Tests.Conformance;

[TestFixture]
internal sealed class UnixSocketLinkTests : LinkConformanceTests
{
    protected override Task<LinkPair> CreateLinkAsync() => SocketLinks.CreateUnixAsync();
}

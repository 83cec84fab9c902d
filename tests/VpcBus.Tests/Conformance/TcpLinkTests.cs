using VpcComApi.VpcBus.Tests.Links;

namespace VpcComApi.VpcBus.Tests.Conformance;

[TestFixture]
internal sealed class TcpLinkTests : LinkConformanceTests
{
    protected override Task<LinkPair> CreateLinkAsync() => SocketLinks.CreateTcpAsync();
}

using VpcComApi.VpcBus.Tests.Links;

namespace VpcComApi.VpcBus.Tests.Conformance;

[TestFixture]
internal sealed class InMemoryLinkTests : LinkConformanceTests
{
    protected override Task<LinkPair> CreateLinkAsync() => Task.FromResult(DuplexPipeStream.CreateLink());
}

[TestFixture]
internal sealed class UnixSocketLinkTests : LinkConformanceTests
{
    protected override Task<LinkPair> CreateLinkAsync() => SocketLinks.CreateUnixAsync();
}

[TestFixture]
internal sealed class TcpLinkTests : LinkConformanceTests
{
    protected override Task<LinkPair> CreateLinkAsync() => SocketLinks.CreateTcpAsync();
}

[TestFixture]
internal sealed class NamedPipeLinkTests : LinkConformanceTests
{
    protected override Task<LinkPair> CreateLinkAsync() => SocketLinks.CreateNamedPipeAsync();
}

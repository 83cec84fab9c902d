using VpcComApi.VpcBus.Tests.Links;

namespace VpcComApi.VpcBus.Tests.Conformance;

[TestFixture]
internal sealed class NamedPipeLinkTests : LinkConformanceTests
{
    protected override Task<LinkPair> CreateLinkAsync() => SocketLinks.CreateNamedPipeAsync();
}

using VpcComApi.VpcBus.Tests.Links;

namespace VpcComApi.VpcBus.Tests.Conformance;

[TestFixture]
internal sealed class InMemoryLinkTests : LinkConformanceTests
{
    protected override Task<LinkPair> CreateLinkAsync() => Task.FromResult(DuplexPipeStream.CreateLink());
}

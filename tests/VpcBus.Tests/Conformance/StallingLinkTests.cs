using VpcComApi.VpcBus.Tests.Links;

namespace VpcComApi.VpcBus.Tests.Conformance;

[TestFixture(1)]
[TestFixture(2)]
internal sealed class StallingLinkTests(int seed) : LinkConformanceTests
{
    protected override int Bulk => 2 * 1024 * 1024;

    protected override Task<LinkPair> CreateLinkAsync()
    {
        LinkPair link = DuplexPipeStream.CreateLink();
        return Task.FromResult(new LinkPair(new StallingStream(link.Host, seed), new StallingStream(link.Guest, seed + 100)));
    }
}

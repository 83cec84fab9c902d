using VpcComApi.VpcBus.Tests.Links;

namespace VpcComApi.VpcBus.Tests.Conformance;

[TestFixture]
internal sealed class SingleByteLinkTests : LinkConformanceTests
{
    protected override int Bulk => 200 * 1024;

    protected override Task<LinkPair> CreateLinkAsync()
    {
        // Little in flight: at one byte a read, what a deep link holds would take seconds.
        LinkPair link = DuplexPipeStream.CreateLink(bufferedBytes: 4096);
        return Task.FromResult(new LinkPair(new SingleByteStream(link.Host), new SingleByteStream(link.Guest)));
    }
}

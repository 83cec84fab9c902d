using VpcComApi.VpcBus.Tests.Links;

namespace VpcComApi.VpcBus.Tests.Conformance;

[TestFixture]
internal sealed class SingleByteLinkTests : LinkConformanceTests
{
    protected override int Bulk => 200 * 1024;

    protected override async Task<LinkPair> CreateLinkAsync()
    {
        LinkPair link = await SocketLinks.CreateUnixAsync();
        return new LinkPair(new SingleByteStream(link.Host), new SingleByteStream(link.Guest), link.CleanUp);
    }
}

using VpcComApi.VpcBus.Tests.Links;

namespace VpcComApi.VpcBus.Tests.Conformance;

[TestFixture]
internal sealed class ResumableUnixSocketLinkTests : LinkConformanceTests
{
    protected override async Task<LinkPair> CreateLinkAsync() => await ResumableLinks.CreateAsync(await SocketLinks.CreateUnixAsync());
}

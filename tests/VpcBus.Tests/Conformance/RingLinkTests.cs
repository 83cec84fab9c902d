using VpcComApi.VpcBus.Tests.Links;

namespace VpcComApi.VpcBus.Tests.Conformance;

/// <summary>A Unix socket between two sides that move their data through shared memory.</summary>
[TestFixture]
[Platform("Linux")]
internal sealed class RingLinkTests : RingConformanceTests
{
    protected override Task<LinkPair> CreateLinkAsync() => SocketLinks.CreateUnixAsync();
}

using VpcComApi.VpcBus.Tests.Links;

namespace VpcComApi.VpcBus.Tests.Conformance;

/// <summary>A resumable link makes a link like any other of one that is cut now and then.</summary>
[TestFixture(LinkFault.Cuts, 1)]
[TestFixture(LinkFault.LosesBytes, 2)]
[TestFixture(LinkFault.ReplaysStaleBytes, 3)]
internal sealed class ResumableLinkTests(LinkFault fault, int seed) : LinkConformanceTests
{
    protected override int Bulk => 2 * 1024 * 1024;

    protected override Task<LinkPair> CreateLinkAsync() => ResumableLinks.CreateAsync(new LossyPort(seed, fault));
}

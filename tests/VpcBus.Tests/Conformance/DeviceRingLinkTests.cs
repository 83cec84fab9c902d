using VpcComApi.VpcBus.Tests.Links;

namespace VpcComApi.VpcBus.Tests.Conformance;

/// <summary>A resumable link between two sides that also have memory and a doorbell, like a host and a virtual machine.</summary>
[TestFixture]
[Platform("Linux")]
internal sealed class DeviceRingLinkTests : RingConformanceTests
{
    protected override async Task<LinkPair> CreateLinkAsync()
    {
        DeviceLink devices = await DeviceLink.CreateAsync();
        LinkPair link = await devices.ConnectAsync();
        return new LinkPair(link.Host, link.Guest, () =>
        {
            link.CleanUp?.Invoke();
            devices.Dispose();
        });
    }
}

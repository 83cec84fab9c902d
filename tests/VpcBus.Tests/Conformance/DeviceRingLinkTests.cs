using VpcComApi.VpcBus.Tests.Links;

namespace VpcComApi.VpcBus.Tests.Conformance;

/// <summary>A resumable link between two sides that have memory and a doorbell beside it, as a host and a virtual machine have.</summary>
[TestFixture]
[Platform("Linux")]
internal sealed class DeviceRingLinkTests : LinkConformanceTests
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

    [Test]
    public async Task Data_goes_through_rings()
    {
        await using BusPair bus = await ConnectAsync();
        (BusChannelPair host, BusChannelPair guest) = await bus.OpenAsync();
        (BusChannelPair otherHost, BusChannelPair otherGuest) = await bus.OpenFromGuestAsync();

        Assert.That(host.Place, Is.Not.Negative.And.EqualTo(guest.Place));
        Assert.That(otherHost.Place, Is.Not.Negative.And.EqualTo(otherGuest.Place).And.Not.EqualTo(host.Place));
    }
}

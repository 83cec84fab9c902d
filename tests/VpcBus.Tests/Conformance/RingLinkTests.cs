using VpcComApi.VpcBus.Tests.Links;

namespace VpcComApi.VpcBus.Tests.Conformance;

/// <summary>A Unix socket between two sides that move their data through shared memory.</summary>
[TestFixture]
[Platform("Linux")]
internal sealed class RingLinkTests : LinkConformanceTests
{
    protected override Task<LinkPair> CreateLinkAsync() => SocketLinks.CreateUnixAsync();

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

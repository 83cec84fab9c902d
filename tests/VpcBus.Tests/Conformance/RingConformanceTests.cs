namespace VpcComApi.VpcBus.Tests.Conformance;

/// <summary>The behaviour over every link with shared memory.</summary>
internal abstract class RingConformanceTests : LinkConformanceTests
{
    [Test]
    public async Task Data_goes_through_rings()
    {
        await using BusPair bus = await ConnectAsync();
        (BusChannelPair host, BusChannelPair guest) = await bus.OpenAsync();
        (BusChannelPair otherHost, BusChannelPair otherGuest) = await bus.OpenFromGuestAsync();

        Assert.That(host.Slot, Is.Not.Negative.And.EqualTo(guest.Slot));
        Assert.That(otherHost.Slot, Is.Not.Negative.And.EqualTo(otherGuest.Slot).And.Not.EqualTo(host.Slot));
    }
}

using VpcComApi.VpcBus.Tests.Links;

namespace VpcComApi.VpcBus.Tests.Rings;

/// <summary>Whether a bus has rings is for its link to declare, of whatever class it is.</summary>
[TestFixture]
[Platform("Linux")]
[CancelAfter(60_000)]
internal sealed class DeclaredRingTests
{
    [Test]
    public async Task A_link_that_declares_rings_gets_them_whatever_its_class()
    {
        LinkPair sockets = await SocketLinks.CreateUnixAsync();
        await using BusPair bus = await BusPair.ConnectAsync(
            new LinkPair(new DeclaringStream(sockets.Host), new DeclaringStream(sockets.Guest), sockets.CleanUp));
        (BusChannelPair host, BusChannelPair guest) = await bus.OpenAsync();

        await host.SendAsync([1, 2]);

        Assert.That(await guest.ReceiveAsync(2), Is.EqualTo(new byte[] { 1, 2 }));
        Assert.That(host.Place, Is.Not.Negative.And.EqualTo(guest.Place));
    }

    [Test]
    public async Task A_link_that_declares_none_is_served_in_frames_whatever_is_beneath()
    {
        LinkPair sockets = await SocketLinks.CreateUnixAsync();
        await using BusPair bus = await BusPair.ConnectAsync(
            new LinkPair(new PlainStream(sockets.Host), new DeclaringStream(sockets.Guest), sockets.CleanUp));
        (BusChannelPair host, BusChannelPair guest) = await bus.OpenAsync();

        await host.SendAsync([1, 2]);

        Assert.That(await guest.ReceiveAsync(2), Is.EqualTo(new byte[] { 1, 2 }));
        Assert.That(host.Place, Is.Negative);
    }
}

using System.Net.Sockets;
using VpcComApi.VpcBus.Links;
using VpcComApi.VpcBus.Tests.Links;

namespace VpcComApi.VpcBus.Tests.Rings;

/// <summary>A link of any class declares whether its bus has rings.</summary>
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
        Assert.That(host.Slot, Is.Not.Negative.And.EqualTo(guest.Slot));
    }

    [Test]
    public async Task A_stream_of_the_system_over_a_Unix_socket_declares_none()
    {
        LinkPair sockets = await SocketLinks.CreateUnixAsync();
        await using BusPair bus = await BusPair.ConnectAsync(
            new LinkPair(
                new NetworkStream(((NetworkStream)sockets.Host).Socket, ownsSocket: true),
                new NetworkStream(((NetworkStream)sockets.Guest).Socket, ownsSocket: true),
                sockets.CleanUp));
        (BusChannelPair host, BusChannelPair guest) = await bus.OpenAsync();

        await host.SendAsync([1, 2]);

        Assert.That(await guest.ReceiveAsync(2), Is.EqualTo(new byte[] { 1, 2 }));
        Assert.That(host.Slot, Is.Negative);
    }

    [Test]
    public void A_link_over_a_socket_that_is_no_Unix_socket_is_refused()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

        Assert.That(
            () => new UnixSocketLink(socket),
            Throws.ArgumentException.With.Message.StartsWith("The socket is of the family InterNetwork; it must be a Unix socket."));
    }

    [Test]
    public async Task A_link_that_declares_no_rings_is_served_in_frames_whatever_its_socket_is()
    {
        LinkPair sockets = await SocketLinks.CreateUnixAsync();
        await using BusPair bus = await BusPair.ConnectAsync(
            new LinkPair(new PlainStream(sockets.Host), new DeclaringStream(sockets.Guest), sockets.CleanUp));
        (BusChannelPair host, BusChannelPair guest) = await bus.OpenAsync();

        await host.SendAsync([1, 2]);

        Assert.That(await guest.ReceiveAsync(2), Is.EqualTo(new byte[] { 1, 2 }));
        Assert.That(host.Slot, Is.Negative);
    }
}

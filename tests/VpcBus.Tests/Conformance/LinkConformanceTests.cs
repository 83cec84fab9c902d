using System.Text;
using VpcComApi.VpcBus.Tests.Links;

namespace VpcComApi.VpcBus.Tests.Conformance;

/// <summary>What a bus does, whatever its link. Each subclass names a link.</summary>
[CancelAfter(60_000)]
internal abstract class LinkConformanceTests
{
    /// <summary>Bytes that a bulk test moves; slow links move fewer.</summary>
    protected virtual int Bulk => 8 * 1024 * 1024;

    /// <summary>Makes a fresh link.</summary>
    protected abstract Task<LinkPair> CreateLinkAsync();

    protected async Task<BusPair> ConnectAsync(BusOptions? host = null, BusOptions? guest = null) =>
        await BusPair.ConnectAsync(await CreateLinkAsync(), host, guest);

    [Test]
    public async Task Both_sides_learn_who_the_other_is()
    {
        await using BusPair bus = await ConnectAsync();

        Assert.That(bus.Host.Peer.Side, Is.EqualTo(BusSide.Guest));
        Assert.That(bus.Guest.Peer.Side, Is.EqualTo(BusSide.Host));
        Assert.That(bus.Host.Peer.ComponentVersion, Is.EqualTo("Guest 1.0"));
        Assert.That(bus.Guest.Peer.ComponentVersion, Is.EqualTo("Host 1.0"));
        Assert.That(bus.Host.Peer.SessionId, Is.EqualTo(bus.Guest.SessionId));
        Assert.That(bus.Guest.Peer.SessionId, Is.EqualTo(bus.Host.SessionId));
        Assert.That(bus.Host.Peer.Revision, Is.EqualTo(1));
    }

    [Test]
    public async Task Bytes_go_both_ways_through_a_pair([Values] bool offeredByGuest)
    {
        await using BusPair bus = await ConnectAsync();
        (BusChannelPair host, BusChannelPair guest) = offeredByGuest ? await bus.OpenFromGuestAsync() : await bus.OpenAsync();

        await host.SendAsync("to the guest"u8.ToArray());
        await guest.SendAsync("to the host"u8.ToArray());

        Assert.That(Encoding.ASCII.GetString(await guest.ReceiveAsync(12)), Is.EqualTo("to the guest"));
        Assert.That(Encoding.ASCII.GetString(await host.ReceiveAsync(11)), Is.EqualTo("to the host"));
        Assert.That(host.OutputChannelId, Is.EqualTo(guest.InputChannelId).And.EqualTo(guest.OutputChannelId - 1));
    }

    [Test]
    public async Task Bulk_both_ways_arrives_whole()
    {
        await using BusPair bus = await ConnectAsync();
        (BusChannelPair host, BusChannelPair guest) = await bus.OpenAsync();

        Task<(long, string)> hostSends = host.SendRandomAsync(Bulk, seed: 1);
        Task<(long, string)> guestSends = guest.SendRandomAsync(Bulk, seed: 2);
        Task<(long, string)> hostReceives = host.Input.ReceiveToEndAsync();
        Task<(long, string)> guestReceives = guest.Input.ReceiveToEndAsync();
        await Task.WhenAll(hostSends, guestSends, hostReceives, guestReceives).WaitAsync(TimeSpan.FromSeconds(40));

        Assert.That(await guestReceives, Is.EqualTo(await hostSends));
        Assert.That(await hostReceives, Is.EqualTo(await guestSends));
        await Task.WhenAll(host.Completion, guest.Completion).WaitAsync(BusPair.StepLimit);
    }
}

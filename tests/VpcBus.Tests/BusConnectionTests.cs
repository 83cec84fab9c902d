using System.IO.Pipelines;
using Microsoft.Extensions.Time.Testing;
using VpcComApi.VpcBus.Tests.Links;
using VpcComApi.VpcBus.Tests.Protocol;
using static VpcComApi.VpcBus.Tests.Protocol.RawPeer;

namespace VpcComApi.VpcBus.Tests;

/// <summary>What does not depend on the link: limits in time, options, and the ends of a bus.</summary>
[TestFixture]
[CancelAfter(30_000)]
internal sealed class BusConnectionTests
{
    private static BusOptions HostWithClock(FakeTimeProvider clock, TimeSpan? keepAlive = null) => new()
    {
        Side = BusSide.Host, ComponentVersion = "h", TimeProvider = clock, KeepAliveInterval = keepAlive ?? Timeout.InfiniteTimeSpan,
    };

    [Test]
    public async Task A_silent_peer_ends_the_hello_in_time()
    {
        FakeTimeProvider clock = new();
        await using LinkTest link = new();
        Task<BusConnection> establishing = link.Establish(HostWithClock(clock));

        clock.Advance(TimeSpan.FromSeconds(9.9));
        Assert.That(establishing.IsCompleted, Is.False);
        clock.Advance(TimeSpan.FromSeconds(0.2));

        await BusAssert.FailsAsync(establishing, BusError.TimedOut);
    }

    [Test]
    public async Task A_cancelled_hello_closes_the_link()
    {
        await using LinkTest link = new();
        using CancellationTokenSource cancel = new();
        Task<BusConnection> establishing = link.Establish(cancellationToken: cancel.Token);

        await cancel.CancelAsync();

        Assert.That(async () => await establishing.WaitAsync(BusPair.StepLimit), Throws.InstanceOf<OperationCanceledException>());
        byte[] rest = new byte[1000];
        Assert.That(async () => { while (await link.Guest.ReadAsync(rest) > 0) { } }, Throws.Nothing, "the link ends");
    }

    [Test]
    public async Task An_offer_without_an_answer_times_out_and_is_withdrawn()
    {
        FakeTimeProvider clock = new();
        await using RawPeer peer = await ConnectAsync(HostWithClock(clock));
        Task<BusChannelPair> offering = peer.Bus.OfferAsync("unanswered");
        (uint pair, _) = await peer.ReceiveAsync(Offer);

        clock.Advance(TimeSpan.FromSeconds(31));

        await BusAssert.FailsAsync(offering, BusError.TimedOut);
        Assert.That((await peer.ReceiveAsync(Withdraw)).Id, Is.EqualTo(pair));
        await peer.Link.DisposeAsync();
    }

    [Test]
    public async Task A_silent_peer_is_asked_and_then_given_up()
    {
        FakeTimeProvider clock = new();
        await using RawPeer peer = await ConnectAsync(HostWithClock(clock, TimeSpan.FromSeconds(5)));

        Task<(uint Id, byte[] Payload)> asked = peer.ReceiveAsync(Ping);
        await BusAssert.UntilAsync(() =>
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            return asked.IsCompleted;
        });
        await asked;
        await BusAssert.UntilAsync(() =>
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            return peer.Bus.Completion.IsCompleted;
        });

        await BusAssert.FailsAsync(peer.Bus.Completion, BusError.LinkLost);
    }

    [Test]
    public async Task A_peer_that_does_not_say_goodbye_is_not_waited_for_for_ever()
    {
        FakeTimeProvider clock = new();
        await using RawPeer peer = await ConnectAsync(HostWithClock(clock));
        Task closing = peer.Bus.CloseAsync();
        await peer.ReceiveAsync(Goodbye);

        await BusAssert.UntilAsync(() =>
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            return closing.IsCompleted;
        });

        await BusAssert.FailsAsync(peer.Bus.Completion, BusError.TimedOut);
    }

    [Test]
    public async Task Closing_twice_ends_once_and_keeps_what_was_written()
    {
        await using BusPair bus = await BusPair.ConnectAsync(DuplexPipeStream.CreateLink());
        (BusChannelPair host, BusChannelPair guest) = await bus.OpenAsync();
        Task<(long Length, string Hash)> sending = host.SendRandomAsync(1_000_000, seed: 1);
        Task<(long Length, string Hash)> receiving = guest.Input.ReceiveToEndAsync();
        await sending;

        await Task.WhenAll(bus.Host.CloseAsync(), bus.Host.CloseAsync(), bus.Host.DisposeAsync().AsTask()).WaitAsync(BusPair.StepLimit);

        Assert.That(await receiving, Is.EqualTo(await sending));
        Assert.That(bus.Host.Completion.IsCompletedSuccessfully, Is.True);
    }

    [Test]
    public async Task A_close_that_is_cancelled_ends_the_bus_at_once()
    {
        await using RawPeer peer = await ConnectAsync();
        using CancellationTokenSource cancel = new();
        Task closing = peer.Bus.CloseAsync(cancel.Token);
        await peer.ReceiveAsync(Goodbye);

        await cancel.CancelAsync();

        Assert.That(async () => await closing.WaitAsync(BusPair.StepLimit), Throws.InstanceOf<OperationCanceledException>());
        await BusAssert.FailsAsync(peer.Bus.Completion, BusError.Closed);
    }

    [Test]
    public async Task A_pair_that_nobody_reads_is_reset_when_it_is_disposed_for_too_long()
    {
        FakeTimeProvider clock = new();
        await using RawPeer peer = await ConnectAsync(HostWithClock(clock));
        BusChannelPair pair = await peer.OpenAsync(window: 4096);
        await pair.SendAsync(new byte[10_000]);
        Task disposing = pair.DisposeAsync().AsTask();

        await BusAssert.UntilAsync(() =>
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            return disposing.IsCompleted;
        });

        await peer.ReceiveAsync(Reset);
        await peer.Link.DisposeAsync();
    }

    [Test]
    public async Task A_flush_that_is_cancelled_leaves_the_channel_usable()
    {
        BusOptions sender = new() { Side = BusSide.Host, ComponentVersion = "h", SendBuffer = 1 };
        BusOptions receiver = new() { Side = BusSide.Guest, ComponentVersion = "g", Window = 4096 };
        await using BusPair bus = await BusPair.ConnectAsync(DuplexPipeStream.CreateLink(), sender, receiver);
        (BusChannelPair host, BusChannelPair guest) = await bus.OpenAsync();
        using CancellationTokenSource cancel = new();
        Task<FlushResult> flushing = host.Output.WriteAsync(new byte[5000], cancel.Token).AsTask();

        await cancel.CancelAsync();
        Assert.That(async () => await flushing, Throws.InstanceOf<OperationCanceledException>());
        flushing = host.Output.FlushAsync().AsTask();
        host.Output.CancelPendingFlush();
        Assert.That((await flushing).IsCanceled, Is.True);

        await host.EndAsync();
        Assert.That((await guest.Input.ReceiveToEndAsync().WaitAsync(BusPair.StepLimit)).Length, Is.EqualTo(5000));
    }

    [Test]
    public async Task More_offers_than_the_peer_accepts_wait_for_their_turn()
    {
        BusOptions guest = new() { Side = BusSide.Guest, ComponentVersion = "g", MaxPendingOffers = 2 };
        await using BusPair bus = await BusPair.ConnectAsync(DuplexPipeStream.CreateLink(), guest: guest);

        Task<BusChannelPair>[] offering = [.. Enumerable.Range(0, 20).Select(n => bus.Host.OfferAsync($"{n}"))];
        for (int n = 0; n < 20; n++)
        {
            await (await bus.Guest.ReceiveOfferAsync())!.AcceptAsync();
        }

        await Task.WhenAll(offering).WaitAsync(BusPair.StepLimit);
    }

    [Test]
    public void Options_out_of_range_are_refused_by_name()
    {
        using MemoryStream link = new();
        BusOptions[] wrong =
        [
            new() { Side = (BusSide)5, ComponentVersion = "x" },
            new() { Side = BusSide.Host, ComponentVersion = new string('x', 129) },
            new() { Side = BusSide.Host, ComponentVersion = "x", MinRevision = 2, MaxRevision = 1 },
            new() { Side = BusSide.Host, ComponentVersion = "x", Window = 100 },
            new() { Side = BusSide.Host, ComponentVersion = "x", MaxFramePayload = 100 },
            new() { Side = BusSide.Host, ComponentVersion = "x", OfferTimeout = TimeSpan.Zero },
        ];
        foreach (BusOptions options in wrong)
        {
            Assert.That(async () => await BusConnection.EstablishAsync(link, options), Throws.InstanceOf<ArgumentException>());
        }
    }

    [TestCase("")]
    [TestCase("a\nb")]
    public async Task A_service_name_that_is_none_is_refused_before_it_is_sent(string name)
    {
        await using BusPair bus = await BusPair.ConnectAsync(DuplexPipeStream.CreateLink());

        Assert.That(async () => await bus.Host.OfferAsync(name), Throws.InstanceOf<ArgumentException>());
        Assert.That(async () => await bus.Host.OfferAsync(new string('x', 256)), Throws.InstanceOf<ArgumentException>());
    }

    [Test]
    public async Task An_offer_is_answered_once()
    {
        await using BusPair bus = await BusPair.ConnectAsync(DuplexPipeStream.CreateLink());
        Task<BusChannelPair> offering = bus.Host.OfferAsync("once");
        BusChannelOffer? offer = await bus.Guest.ReceiveOfferAsync();
        await offer!.AcceptAsync();

        Assert.That(async () => await offer.AcceptAsync(), Throws.InvalidOperationException);
        Assert.That(async () => await offer.RejectAsync(1, "no"), Throws.InvalidOperationException);
        await offering;
    }

    [Test]
    public async Task Two_thousand_pairs_one_after_another_leave_nothing_behind()
    {
        await using BusPair bus = await BusPair.ConnectAsync(DuplexPipeStream.CreateLink());
        await OpenAndCloseAsync(200);
        long before = GC.GetTotalMemory(forceFullCollection: true);

        await OpenAndCloseAsync(2000);

        Assert.That(bus.Host.Channels, Is.Empty);
        Assert.That(bus.Guest.Channels, Is.Empty);
        Assert.That(GC.GetTotalMemory(forceFullCollection: true) - before, Is.LessThan(1_000_000), "bytes that grew");

        async Task OpenAndCloseAsync(int count)
        {
            for (int n = 0; n < count; n++)
            {
                (BusChannelPair host, BusChannelPair guest) = await bus.OpenAsync();
                await host.SendAsync(new byte[26]);
                await host.EndAsync();
                Assert.That((await guest.Input.ReceiveToEndAsync()).Length, Is.EqualTo(26));
                await Task.WhenAll(host.DisposeAsync().AsTask(), guest.DisposeAsync().AsTask()).WaitAsync(BusPair.StepLimit);
            }
        }
    }
}

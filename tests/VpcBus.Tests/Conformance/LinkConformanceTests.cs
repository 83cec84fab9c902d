using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Text;
using VpcComApi.VpcBus.Relay;
using VpcComApi.VpcBus.Tests.Links;
using VpcComApi.VpcBus.Tests.Protocol;

namespace VpcComApi.VpcBus.Tests.Conformance;

/// <summary>The behaviour of a bus over any link. Each derived class provides a link.</summary>
[CancelAfter(60_000)]
internal abstract class LinkConformanceTests
{
    /// <summary>Bytes of a hello that is none: more than a side reads before it sees that.</summary>
    private const int UnreadableHello = 1024;

    /// <summary>Bytes that a bulk test moves; slow links move fewer.</summary>
    protected virtual int Bulk => 8 * 1024 * 1024;

    private static int RefusalRounds { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("VPCCOMAPI_REFUSAL_ROUNDS"), out int rounds) ? rounds : 10;

    /// <summary>Makes a fresh link.</summary>
    protected abstract Task<LinkPair> CreateLinkAsync();

    protected async Task<BusPair> ConnectAsync(BusOptions? host = null, BusOptions? guest = null) =>
        await BusPair.ConnectAsync(await CreateLinkAsync(), host, guest);

    [Test]
    public async Task Each_side_knows_the_other_s_hello()
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

    [Test]
    public async Task Sides_without_a_common_revision_both_refuse([Values] bool hostIsNewer)
    {
        await using LinkPair link = await CreateLinkAsync();
        (int Min, int Max) older = (1, 2);
        (int Min, int Max) newer = (3, 4);
        BusOptions host = new()
        {
            Side = BusSide.Host, ComponentVersion = "h",
            MinRevision = hostIsNewer ? newer.Min : older.Min, MaxRevision = hostIsNewer ? newer.Max : older.Max,
        };
        BusOptions guest = new()
        {
            Side = BusSide.Guest, ComponentVersion = "g",
            MinRevision = hostIsNewer ? older.Min : newer.Min, MaxRevision = hostIsNewer ? older.Max : newer.Max,
        };

        Task<BusConnection> hosting = BusConnection.EstablishAsync(link.Host, host);
        Task<BusConnection> visiting = BusConnection.EstablishAsync(link.Guest, guest);

        await BusAssert.FailsAsync(hosting, BusError.RevisionMismatch);
        BusException refusal = await BusAssert.FailsAsync(visiting, BusError.RevisionMismatch);
        Assert.That(refusal.Message, Does.Contain("1 to 2").And.Contain("3 to 4"));
    }

    /// <summary>
    /// The side that refuses closes the link after its reason. Which of its bytes the other side has read by then depends on timing,
    /// so this is repeated; VPCCOMAPI_REFUSAL_ROUNDS sets how often.
    /// </summary>
    [Test]
    [CancelAfter(600_000)]
    public async Task The_reason_of_a_refusal_arrives_before_the_end_of_the_link()
    {
        for (int round = 1; round <= RefusalRounds; round++)
        {
            await using LinkPair link = await CreateLinkAsync();
            BusOptions newer = new() { Side = BusSide.Host, ComponentVersion = "Host 3.0", MinRevision = 3, MaxRevision = 4 };
            Task<BusConnection> hosting = BusConnection.EstablishAsync(link.Host, newer);
            Task<BusConnection> visiting = BusConnection.EstablishAsync(link.Guest, BusPair.Options(BusSide.Guest));

            await BusAssert.FailsAsync(hosting, BusError.RevisionMismatch);
            await BusAssert.FailsAsync(visiting, BusError.RevisionMismatch);
        }
    }

    /// <summary>A hello that cannot be read: only the side that reads it knows why, and what follows the hello stays unread.</summary>
    [Test]
    [CancelAfter(600_000)]
    public async Task The_reason_of_a_hello_that_cannot_be_read_arrives_before_the_end_of_the_link()
    {
        for (int round = 1; round <= RefusalRounds; round++)
        {
            await using LinkPair link = await CreateLinkAsync();
            Task<BusConnection> hosting = BusConnection.EstablishAsync(link.Host, BusPair.Options(BusSide.Host));

            await link.Guest.WriteAsync(new byte[UnreadableHello]);
            await RawPeer.ReadHelloAsync(link.Guest);
            byte[] reply = new byte[sizeof(uint) + sizeof(uint)];
            await link.Guest.ReadExactlyAsync(reply);
            await link.Guest.DisposeAsync();

            Assert.That((BusError)BinaryPrimitives.ReadInt32LittleEndian(reply.AsSpan(sizeof(uint))), Is.EqualTo(BusError.Corrupt));
            await BusAssert.FailsAsync(hosting, BusError.Corrupt);
        }
    }

    [Test]
    public async Task A_refused_offer_has_code_and_reason()
    {
        await using BusPair bus = await ConnectAsync();

        Task<BusChannelPair> offering = bus.Host.OfferAsync("tcp:1");
        BusChannelOffer? offer = await bus.Guest.ReceiveOfferAsync();
        await offer!.RejectAsync((int)RelayRejection.ConnectionRefused, "Nobody listens on port 1.");

        BusChannelRejectedException refusal = (BusChannelRejectedException)await BusAssert.FailsAsync(offering, BusError.Rejected);
        Assert.That(refusal.Code, Is.EqualTo((int)RelayRejection.ConnectionRefused));
        Assert.That(refusal.Reason, Is.EqualTo("Nobody listens on port 1."));
        Assert.That(refusal.Service, Is.EqualTo("tcp:1"));
        Assert.That(bus.Host.Channels, Is.Empty);
        Assert.That(bus.Guest.Channels, Is.Empty);
    }

    [Test]
    public async Task An_offer_that_is_given_up_cannot_be_accepted_any_more()
    {
        await using BusPair bus = await ConnectAsync();
        using CancellationTokenSource giveUp = new();
        Task<BusChannelPair> offering = bus.Host.OfferAsync("slow", giveUp.Token);
        BusChannelOffer? offer = await bus.Guest.ReceiveOfferAsync();

        await giveUp.CancelAsync();

        Assert.That(async () => await offering.WaitAsync(BusPair.StepLimit), Throws.InstanceOf<OperationCanceledException>());
        // The next offer arrives after the withdrawal, so by then the guest has processed that.
        await bus.OpenAsync("next");
        await BusAssert.FailsAsync(offer!.AcceptAsync(), BusError.ChannelReset);
    }

    [Test]
    public async Task A_hundred_and_fifty_pairs_work_at_the_same_time()
    {
        const int Count = 150;
        await using BusPair bus = await ConnectAsync();
        Task<BusChannelPair>[] offering = [.. Enumerable.Range(0, Count).Select(n => bus.Host.OfferAsync($"s{n}"))];
        Dictionary<string, BusChannelPair> accepted = new();
        for (int n = 0; n < Count; n++)
        {
            BusChannelOffer? offer = await bus.Guest.ReceiveOfferAsync().AsTask().WaitAsync(BusPair.StepLimit);
            accepted.Add(offer!.Service, await offer.AcceptAsync());
        }

        BusChannelPair[] hosts = await Task.WhenAll(offering).WaitAsync(BusPair.StepLimit);
        Assert.That(bus.Host.Channels, Has.Count.EqualTo(2 * Count));
        await Task.WhenAll(hosts.Select(async (host, n) =>
        {
            await host.SendAsync(Encoding.ASCII.GetBytes($"hello {n,5}"));
            BusChannelPair guest = accepted[host.Service];
            Assert.That(Encoding.ASCII.GetString(await guest.ReceiveAsync(11)), Is.EqualTo($"hello {n,5}"));
            await Task.WhenAll(host.DisposeAsync().AsTask(), guest.DisposeAsync().AsTask());
        })).WaitAsync(BusPair.StepLimit);

        Assert.That(bus.Host.Channels, Is.Empty);
        Assert.That(bus.Guest.Channels, Is.Empty);
    }

    [Test]
    public async Task A_direction_that_ended_leaves_the_other_alive([Values] bool hostEnds)
    {
        await using BusPair bus = await ConnectAsync();
        (BusChannelPair host, BusChannelPair guest) = await bus.OpenAsync();
        (BusChannelPair ending, BusChannelPair other) = hostEnds ? (host, guest) : (guest, host);

        await ending.SendAsync([1, 2, 3]);
        await ending.EndAsync();

        Assert.That((await other.Input.ReceiveToEndAsync().WaitAsync(BusPair.StepLimit)).Length, Is.EqualTo(3));
        await other.SendAsync([4, 5, 6, 7]);
        Assert.That(await ending.ReceiveAsync(4), Is.EqualTo(new byte[] { 4, 5, 6, 7 }));
        Assert.That(ending.Completion.IsCompleted, Is.False);

        await other.EndAsync();
        Assert.That((await ending.Input.ReceiveToEndAsync().WaitAsync(BusPair.StepLimit)).Length, Is.Zero);
        await Task.WhenAll(host.Completion, guest.Completion).WaitAsync(BusPair.StepLimit);
    }

    [Test]
    public async Task A_writer_is_notified_that_nobody_reads()
    {
        await using BusPair bus = await ConnectAsync();
        (BusChannelPair host, BusChannelPair guest) = await bus.OpenAsync();

        await guest.Input.CompleteAsync();
        FlushResult result;
        do
        {
            result = await host.Output.WriteAsync(new byte[1000]).AsTask().WaitAsync(BusPair.StepLimit);
        }
        while (!result.IsCompleted);

        await guest.SendAsync([1]);
        Assert.That(await host.ReceiveAsync(1), Is.EqualTo(new byte[] { 1 }), "the other direction stays open");
        await guest.EndAsync();
        await Task.WhenAll(host.Completion, guest.Completion).WaitAsync(BusPair.StepLimit);
    }

    [Test]
    public async Task A_reset_ends_both_directions_and_sends_the_reason()
    {
        await using BusPair bus = await ConnectAsync();
        (BusChannelPair host, BusChannelPair guest) = await bus.OpenAsync();
        ValueTask<ReadResult> reading = guest.Input.ReadAsync();

        host.Abort(new BusException(BusError.ChannelReset, "The client went away."));

        BusException seen = await BusAssert.FailsAsync(reading.AsTask(), BusError.ChannelReset);
        Assert.That(seen.Message, Does.Contain("The client went away."));
        await BusAssert.FailsAsync(guest.Output.WriteAsync(new byte[1]).AsTask(), BusError.ChannelReset);
        await BusAssert.FailsAsync(host.Output.WriteAsync(new byte[1]).AsTask(), BusError.ChannelReset);
        await BusAssert.FailsAsync(host.Input.ReadAsync().AsTask(), BusError.ChannelReset);
        await BusAssert.FailsAsync(host.Completion, BusError.ChannelReset);
        await BusAssert.FailsAsync(guest.Completion, BusError.ChannelReset);
        Assert.That(bus.Host.Channels, Is.Empty);
        Assert.That(bus.Guest.Channels, Is.Empty);
        await bus.OpenAsync("another");
    }

    [Test]
    public async Task Bytes_written_just_before_everything_is_closed_arrive()
    {
        byte[] words = Encoding.Unicode.GetBytes("Hello World!\0");
        await using LinkPair link = await CreateLinkAsync();
        Task<BusConnection> hosting = BusConnection.EstablishAsync(link.Host, BusPair.Options(BusSide.Host));
        BusConnection guestBus = await BusConnection.EstablishAsync(link.Guest, BusPair.Options(BusSide.Guest));
        BusConnection hostBus = await hosting;
        Task<BusChannelPair> offering = hostBus.OfferAsync("test");
        BusChannelPair guest = await (await guestBus.ReceiveOfferAsync())!.AcceptAsync();
        BusChannelPair host = await offering;

        Assert.That(words, Has.Length.EqualTo(26));
        await host.Output.WriteAsync(words);
        await host.Output.CompleteAsync();
        await hostBus.DisposeAsync().AsTask().WaitAsync(BusPair.StepLimit);

        Assert.That(await guest.ReceiveAsync(26), Is.EqualTo(words));
        Assert.That((await guest.Input.ReceiveToEndAsync()).Length, Is.Zero);
        await guestBus.Completion.WaitAsync(BusPair.StepLimit);
        await guestBus.DisposeAsync();
    }

    [Test]
    public async Task A_reader_that_does_not_read_stops_the_writer_and_bounds_the_memory()
    {
        BusOptions options = new() { Side = BusSide.Guest, ComponentVersion = "small", Window = 8192 };
        BusOptions sender = new() { Side = BusSide.Host, ComponentVersion = "small", SendBuffer = 4096 };
        await using BusPair bus = await ConnectAsync(sender, options);
        (BusChannelPair host, BusChannelPair guest) = await bus.OpenAsync();
        byte[] block = new byte[1024];

        // Eight blocks fit the window, four the send buffer; the next finds no room.
        for (int n = 0; n < 12; n++)
        {
            await host.SendAsync(block);
        }

        Task<FlushResult> held = host.Output.WriteAsync(block).AsTask();
        await BusAssert.UntilAsync(() => guest.ReceivedBytes(bus.Guest) == 8192);
        Assert.That(held.IsCompleted, Is.False);

        await guest.ReceiveAsync(13 * 1024);
        await held.WaitAsync(BusPair.StepLimit);
        Assert.That(bus.Host.Channels.Single(channel => channel.ChannelId == host.OutputChannelId).Stalls, Is.Positive);
    }

    [Test]
    public async Task Bulk_both_ways_on_many_channels_arrives_whole()
    {
        const int Count = 12;
        await using BusPair bus = await ConnectAsync();
        List<Task> transfers = new();
        for (int n = 0; n < Count; n++)
        {
            (BusChannelPair host, BusChannelPair guest) = n % 2 == 0 ? await bus.OpenAsync($"s{n}") : await bus.OpenFromGuestAsync($"s{n}");
            transfers.Add(CheckAsync(host, guest, n));
            transfers.Add(CheckAsync(guest, host, n + 100));
        }

        await Task.WhenAll(transfers).WaitAsync(TimeSpan.FromSeconds(50));

        async Task CheckAsync(BusChannelPair from, BusChannelPair to, int seed)
        {
            Task<(long, string)> sending = Task.Run(() => from.SendRandomAsync(Bulk / 8, seed));
            (long, string) received = await to.Input.ReceiveToEndAsync();
            Assert.That(received, Is.EqualTo(await sending));
        }
    }

    [Test]
    public async Task Readers_that_read_only_after_writing_do_not_deadlock()
    {
        int small = 8192;
        await using BusPair bus = await ConnectAsync(
            new BusOptions { Side = BusSide.Host, ComponentVersion = "h", Window = small, SendBuffer = small },
            new BusOptions { Side = BusSide.Guest, ComponentVersion = "g", Window = small, SendBuffer = small });
        (BusChannelPair host, BusChannelPair guest) = await bus.OpenAsync();

        async Task TalkAsync(BusChannelPair pair)
        {
            for (int round = 0; round < 20; round++)
            {
                // Fits the window and the send buffer of one side: as much as two such talkers may write before they read.
                await pair.SendAsync(new byte[small]);
                await pair.ReceiveAsync(small);
            }
        }

        await Task.WhenAll(TalkAsync(host), TalkAsync(guest)).WaitAsync(BusPair.StepLimit);
    }

    [Test]
    public async Task Bulk_both_ways_on_all_channels_with_small_windows_and_readers_that_write_first_gets_through()
    {
        const int Pairs = 24;
        const int Portion = 8192;
        const int SmallBuffer = 4096;
        await using BusPair bus = await ConnectAsync(
            new BusOptions { Side = BusSide.Host, ComponentVersion = "h", Window = SmallBuffer, SendBuffer = SmallBuffer },
            new BusOptions { Side = BusSide.Guest, ComponentVersion = "g", Window = SmallBuffer, SendBuffer = SmallBuffer });
        List<Task> talks = new();
        int rounds = Math.Max(1, Bulk / (4 * Pairs * Portion));
        for (int n = 0; n < Pairs; n++)
        {
            (BusChannelPair host, BusChannelPair guest) = n % 2 == 0 ? await bus.OpenAsync($"s{n}") : await bus.OpenFromGuestAsync($"s{n}");
            talks.Add(Task.Run(() => TalkAsync(host)));
            talks.Add(Task.Run(() => TalkAsync(guest)));
        }

        await Task.WhenAll(talks).WaitAsync(TimeSpan.FromSeconds(50));

        async Task TalkAsync(BusChannelPair pair)
        {
            for (int round = 0; round < rounds; round++)
            {
                // As much as window and send buffer take while neither end reads.
                await pair.SendAsync(new byte[Portion]);
                await pair.ReceiveAsync(Portion);
            }
        }
    }

    [Test]
    public async Task A_reader_that_has_stopped_does_not_hold_up_the_others()
    {
        await using BusPair bus = await ConnectAsync();
        (BusChannelPair stoppedHost, BusChannelPair stoppedGuest) = await bus.OpenAsync("stopped");
        (BusChannelPair host, BusChannelPair guest) = await bus.OpenAsync("busy");
        Task stuck = Task.Run(() => stoppedHost.SendRandomAsync(2 * 1024 * 1024, seed: 3));

        Task<(long, string)> sending = host.SendRandomAsync(Bulk, seed: 4);
        (long, string) received = await guest.Input.ReceiveToEndAsync().WaitAsync(TimeSpan.FromSeconds(40));

        Assert.That(received, Is.EqualTo(await sending));
        Assert.That(stuck.IsCompleted, Is.False);
        stoppedGuest.Abort();
        await BusAssert.FailsAsync(stuck, BusError.ChannelReset);
    }

    [Test]
    public async Task Pairs_open_and_close_while_bulk_runs()
    {
        await using BusPair bus = await ConnectAsync();
        (BusChannelPair host, BusChannelPair guest) = await bus.OpenAsync("bulk");
        Task<(long, string)> sending = Task.Run(() => host.SendRandomAsync(Bulk, seed: 5));
        Task<(long, string)> receiving = Task.Run(() => guest.Input.ReceiveToEndAsync());

        for (int n = 0; n < 20; n++)
        {
            (BusChannelPair small, BusChannelPair other) = await bus.OpenAsync($"small {n}");
            await small.SendAsync([(byte)n]);
            Assert.That(await other.ReceiveAsync(1), Is.EqualTo(new[] { (byte)n }));
            await Task.WhenAll(small.DisposeAsync().AsTask(), other.DisposeAsync().AsTask()).WaitAsync(BusPair.StepLimit);
        }

        Assert.That(await receiving.WaitAsync(TimeSpan.FromSeconds(40)), Is.EqualTo(await sending));
    }

    [Test]
    public async Task A_bus_can_be_closed_while_it_is_busy()
    {
        BusPair bus = await ConnectAsync();
        List<Task> busy = new();
        for (int n = 0; n < 8; n++)
        {
            (BusChannelPair host, BusChannelPair guest) = await bus.OpenAsync($"s{n}");
            busy.Add(Task.Run(() => host.SendRandomAsync(1L << 40, n)));
            busy.Add(Task.Run(() => guest.Input.ReceiveToEndAsync()));
            busy.Add(Task.Run(() => guest.SendRandomAsync(1L << 40, n)));
        }

        Task<BusChannelPair> offering = bus.Host.OfferAsync("never answered");
        await bus.DisposeAsync();

        foreach (Task task in busy)
        {
            await BusAssert.FailsAsync(task, BusError.Closed, BusError.ChannelReset);
        }

        await BusAssert.FailsAsync(offering, BusError.Closed);
        await Task.WhenAll(bus.Host.Completion, bus.Guest.Completion).WaitAsync(BusPair.StepLimit);
        Assert.That(await bus.Host.ReceiveOfferAsync(), Is.Null);
        await BusAssert.FailsAsync(bus.Host.OfferAsync("too late"), BusError.Closed);
    }

    [Test]
    public async Task An_offer_that_the_closing_bus_has_refused_is_closed_and_not_answered_before()
    {
        await using BusPair bus = await ConnectAsync();
        Task<BusChannelPair> offering = bus.Host.OfferAsync("late");
        BusChannelOffer? offer = await bus.Guest.ReceiveOfferAsync();

        await bus.Guest.CloseAsync();

        await BusAssert.FailsAsync(offer!.AcceptAsync(), BusError.Closed);
        await BusAssert.FailsAsync(offering, BusError.Closed);
    }

    [Test]
    public async Task A_lost_link_ends_everything_with_that_error()
    {
        await using LinkPair link = await CreateLinkAsync();
        BusPair bus = await BusPair.ConnectAsync(link);
        (BusChannelPair host, BusChannelPair guest) = await bus.OpenAsync();
        Task<BusChannelPair> offering = bus.Host.OfferAsync("pending");
        ValueTask<BusChannelOffer?> receiving = bus.Host.ReceiveOfferAsync();
        ValueTask<ReadResult> reading = host.Input.ReadAsync();

        await link.Guest.DisposeAsync();

        await BusAssert.FailsAsync(bus.Host.Completion, BusError.LinkLost);
        await BusAssert.FailsAsync(bus.Guest.Completion, BusError.LinkLost);
        await BusAssert.FailsAsync(reading.AsTask(), BusError.LinkLost);
        await BusAssert.FailsAsync(offering, BusError.LinkLost);
        await BusAssert.FailsAsync(host.Completion, BusError.LinkLost);
        await BusAssert.FailsAsync(guest.Completion, BusError.LinkLost);
        Assert.That(await receiving, Is.Null);
        await host.DisposeAsync();
        await guest.DisposeAsync();
        await bus.DisposeAsync();
    }

    [Test]
    public async Task A_side_accepts_no_more_pairs_than_it_announced()
    {
        BusOptions guestOptions = new() { Side = BusSide.Guest, ComponentVersion = "few", MaxChannelPairs = 2 };
        await using BusPair bus = await ConnectAsync(guest: guestOptions);
        (BusChannelPair first, BusChannelPair firstGuest) = await bus.OpenAsync("1");
        await bus.OpenAsync("2");

        Task<BusChannelPair> offering = bus.Host.OfferAsync("3");
        BusChannelOffer? offer = await bus.Guest.ReceiveOfferAsync();
        await BusAssert.FailsAsync(offer!.AcceptAsync(), BusError.TooManyChannels);
        await BusAssert.FailsAsync(offering, BusError.TooManyChannels);
        await BusAssert.FailsAsync(bus.Guest.OfferAsync("4"), BusError.TooManyChannels);

        await Task.WhenAll(first.DisposeAsync().AsTask(), firstGuest.DisposeAsync().AsTask()).WaitAsync(BusPair.StepLimit);
        await bus.OpenAsync("5");
    }

    [Test]
    public async Task Statistics_show_both_channels_of_a_pair()
    {
        await using BusPair bus = await ConnectAsync();
        (BusChannelPair host, BusChannelPair guest) = await bus.OpenAsync("counted");
        await host.SendAsync(new byte[300]);
        await guest.ReceiveAsync(300);

        BusChannelStatistics receiving = bus.Guest.Channels.Single(channel => channel.Direction == ChannelDirection.Receiving);
        Assert.That(receiving.ChannelId, Is.EqualTo(host.OutputChannelId));
        Assert.That(receiving.Bytes, Is.EqualTo(300));
        Assert.That(receiving.Service, Is.EqualTo("counted"));
        await BusAssert.UntilAsync(() => bus.Host.Channels.Single(channel => channel.Direction == ChannelDirection.Sending).Bytes == 300);
    }
}

using System.Net;
using System.Net.Sockets;
using System.Text;
using VpcComApi.VpcBus.Links;

namespace VpcComApi.VpcBus.Tests.SecondGuest;

/// <summary>
/// The protocol page is sufficient to write a guest: a second one, which shares no code with the product, works with the real host.
/// </summary>
[TestFixture(false)]
[TestFixture(true)]
[CancelAfter(60_000)]
internal sealed class SecondGuestTests(bool guestUsesUnknownExtensions)
{
    [Test]
    public Task The_two_greet_each_other() => TalkAsync(
        host =>
        {
            Assert.That(host.Peer.ComponentVersion, Is.EqualTo("tiny 0.1"));
            Assert.That(host.Peer.Revision, Is.EqualTo(1));
            Assert.That(host.Peer.MaxFramePayload, Is.EqualTo(8192));
            return Task.CompletedTask;
        },
        guest => Assert.That(guest.HostVersion, Is.EqualTo("Host 1.0")));

    [Test]
    public Task A_pair_that_the_host_offers_carries_bytes_both_ways_within_the_windows() => TalkAsync(
        async host =>
        {
            BusChannelPair pair = await host.OfferAsync("tcp:6174");
            Task<(long, string)> sending = pair.SendRandomAsync(300_000, seed: 1);
            Task<(long, string)> receiving = pair.Input.ReceiveToEndAsync();
            Assert.That(await receiving, Is.EqualTo(await sending), "the guest sends everything back");
            await pair.Completion.WaitAsync(BusPair.StepLimit);
        },
        guest =>
        {
            TinyFrame offer = guest.NextOffer();
            Assert.That(offer.Text, Is.EqualTo("tcp:6174"));
            guest.Accept(offer);
            byte[] bytes = guest.Read(offer.Id, 300_000);
            guest.Expect(3, 2 * offer.Id);
            guest.Write(offer.Id, bytes);
            guest.End(offer.Id);
        });

    [Test]
    public Task A_pair_that_the_guest_offers_ends_one_direction_at_a_time() => TalkAsync(
        async host =>
        {
            BusChannelPair pair = await (await host.ReceiveOfferAsync())!.AcceptAsync();
            Assert.That(pair.Service, Is.EqualTo("integration"));
            Assert.That((await pair.Input.ReceiveToEndAsync()).Length, Is.EqualTo(5));
            await pair.SendAsync("still here"u8.ToArray());
            await pair.EndAsync();
            await pair.Completion.WaitAsync(BusPair.StepLimit);
        },
        guest =>
        {
            uint pair = guest.Offer("integration");
            guest.Write(pair, "hello"u8);
            guest.End(pair);
            Assert.That(Encoding.ASCII.GetString(guest.Read(pair, 10)), Is.EqualTo("still here"));
            guest.Expect(3, 2 * pair);
        });

    [Test]
    public Task Refusals_and_withdrawals_are_understood() => TalkAsync(
        async host =>
        {
            BusChannelRejectedException refusal = (BusChannelRejectedException)await BusAssert.FailsAsync(
                host.OfferAsync("tcp:1"), BusError.Rejected);
            Assert.That(refusal.Code, Is.EqualTo(2));
            Assert.That(refusal.Reason, Is.EqualTo("Nobody listens."));
            BusChannelOffer? refused = await host.ReceiveOfferAsync();
            await refused!.RejectAsync(1, "No such service.");
            BusChannelOffer? next = await host.ReceiveOfferAsync();
            if (next!.Service == "second")
            {
                // The offer arrived before its withdrawal. It is not answered either.
                next = await host.ReceiveOfferAsync();
            }

            Assert.That(next!.Service, Is.EqualTo("third"), "the second was withdrawn");
            await next.RejectAsync(0, "");
        },
        guest =>
        {
            guest.Reject(guest.NextOffer(), 2, "Nobody listens.");
            TinyFrame answer = guest.Expect(8, guest.SendOffer("first"));
            Assert.That((answer.Number, answer.Text), Is.EqualTo((1u, "No such service.")));
            uint second = guest.SendOffer("second");
            guest.Withdraw(second);
            Assert.That(guest.Expect(8, second).Number, Is.EqualTo(unchecked((uint)-2)));
            guest.Expect(8, guest.SendOffer("third"));
        });

    [Test]
    public Task Resets_go_both_ways_and_are_answered() => TalkAsync(
        async host =>
        {
            BusChannelPair first = await host.OfferAsync("first");
            BusException reset = await BusAssert.FailsAsync(first.Input.ReadAsync().AsTask(), BusError.ChannelReset);
            Assert.That(reset.Message, Does.Contain("The program died."));
            BusChannelPair second = await host.OfferAsync("second");
            second.Abort(new BusException(BusError.ChannelReset, "The client died."));
            await BusAssert.FailsAsync(second.Completion, BusError.ChannelReset);
            Assert.That(host.Channels, Is.Empty);
        },
        guest =>
        {
            TinyFrame first = guest.NextOffer();
            guest.Accept(first);
            guest.Reset(first.Id, 7, "The program died.");
            guest.Expect(5, first.Id);
            TinyFrame second = guest.NextOffer();
            guest.Accept(second);
            TinyFrame reset = guest.Expect(5, second.Id);
            Assert.That((reset.Number, reset.Text), Is.EqualTo((7u, "The client died.")));
            guest.Reset(second.Id, 7, "");
        });

    [Test]
    public Task A_reader_that_stops_is_recorded_on_both_sides() => TalkAsync(
        async host =>
        {
            BusChannelPair pair = await host.OfferAsync("stopping");
            await pair.SendRandomAsync(1_000_000, seed: 3).WaitAsync(BusPair.StepLimit);
            await pair.Input.CompleteAsync();
            await pair.Completion.WaitAsync(BusPair.StepLimit);
        },
        guest =>
        {
            TinyFrame offer = guest.NextOffer();
            guest.Accept(offer);
            guest.StopReading(offer.Id);
            guest.Expect(3, 2 * offer.Id);
            guest.Expect(4, (2 * offer.Id) + 1);
            guest.End(offer.Id);
        });

    [Test]
    public Task A_ping_is_answered() => TalkAsync(
        _ => Task.CompletedTask,
        guest =>
        {
            guest.Ping(4711);
            guest.Expect(12, 4711);
        });

    [Test]
    public async Task Over_a_resumable_link_that_is_cut_again_and_again_nothing_is_lost()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Task<ResumableStream> hosting = ResumableStream.ConnectAsync(
            async token => new NetworkStream(await listener.AcceptSocketAsync(token), ownsSocket: true),
            new ResumableStreamOptions { Side = BusSide.Host });
        Random random = new(1);
        await using TinyLink link = new(() =>
        {
            Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            socket.Connect(listener.LocalEndpoint);
            return new CuttingStream(new NetworkStream(socket, ownsSocket: true), random.Next(30_000, 200_000));
        });
        TinyGuest guest = new(link) { UsesUnknownExtensions = guestUsesUnknownExtensions };
        Task visiting = Task.Run(() =>
        {
            guest.Greet();
            uint pair = guest.Offer("echo");
            for (int round = 0; round < 20; round++)
            {
                guest.Write(pair, guest.Read(pair, 15_000));
            }

            guest.End(pair);
            guest.Expect(10, 0);
            guest.Goodbye();
            link.SendEnd();
        });
        await using BusConnection host = await BusConnection.EstablishAsync(await hosting, BusPair.Options(BusSide.Host));
        BusChannelPair pair = await (await host.ReceiveOfferAsync())!.AcceptAsync();
        byte[] block = new byte[15_000];
        for (int round = 0; round < 20; round++)
        {
            new Random(round).NextBytes(block);
            await pair.SendAsync(block);
            Assert.That(await pair.ReceiveAsync(block.Length), Is.EqualTo(block));
        }

        await pair.EndAsync();
        await pair.Completion.WaitAsync(BusPair.StepLimit);
        Task closing = host.CloseAsync();
        await visiting.WaitAsync(BusPair.StepLimit);
        await closing;
        Assert.That(link.Synchronisations, Is.GreaterThan(3), "the link was cut");
    }

    /// <summary>Runs both ends over a Unix socket, up to the goodbyes.</summary>
    private async Task TalkAsync(Func<BusConnection, Task> host, Action<TinyGuest> guest)
    {
        await using Links.LinkPair link = await Links.SocketLinks.CreateUnixAsync();
        Task<BusConnection> establishing = BusConnection.EstablishAsync(link.Host, BusPair.Options(BusSide.Host));
        TinyGuest tiny = new(link.Guest) { UsesUnknownExtensions = guestUsesUnknownExtensions };
        TaskCompletionSource said = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task visiting = Task.Run(() =>
        {
            tiny.Greet();
            guest(tiny);
            said.SetResult();
            tiny.Expect(10, 0);
            tiny.Goodbye();
        });
        await using BusConnection bus = await establishing.WaitAsync(BusPair.StepLimit);
        Task hosting = host(bus);
        if (await Task.WhenAny(hosting, visiting).WaitAsync(BusPair.StepLimit) == visiting)
        {
            await visiting;
        }

        await hosting.WaitAsync(BusPair.StepLimit);
        await await Task.WhenAny(said.Task, visiting).WaitAsync(BusPair.StepLimit);
        Task closing = bus.CloseAsync();
        await visiting.WaitAsync(BusPair.StepLimit);
        await closing;
        await bus.Completion;
    }
}

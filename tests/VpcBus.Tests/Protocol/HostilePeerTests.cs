using static VpcComApi.VpcBus.Tests.Protocol.RawPeer;

namespace VpcComApi.VpcBus.Tests.Protocol;

/// <summary>
/// Whatever a guest writes, the host ends that bus with an error that describes the fault, and there are no other effects.
/// </summary>
[TestFixture]
[CancelAfter(30_000)]
internal sealed class HostilePeerTests
{
    /// <summary>Frames to a host without a pair, and what its error must name.</summary>
    private static IEnumerable<TestCaseData> FramesWithoutPair()
    {
        yield return Case("data for a channel that never was", "channel 3", Frame(Data, 3, 1));
        yield return Case("data on a channel that the host sends on", "channel 2", Frame(Data, 2, 1));
        yield return Case("a huge length", "length is 4294967295", [.. Le(uint.MaxValue), Data, 0, 0, 0, .. Le(3u)]);
        yield return Case("a huge control frame", "length is 65536", [.. Le(65536u), Offer, 0, 0, 0, .. Le(1u)]);
        yield return Case("a huge frame of an unknown type", "length is 1000000", [.. Le(1_000_000u), 200, 0, 0, 0, .. Le(1u)]);
        yield return Case("credit for a channel that never was", "channel 2", Frame(Credit, 2, Le(1u)));
        yield return Case("credit without a number", "credit is missing", Frame(Credit, 2, 1, 2));
        yield return Case("an end of a channel that never was", "channel 3", Frame(End, 3));
        yield return Case("a reset of a pair that never was", "pair 1", Frame(Reset, 1, [.. Le(6u), .. Le((ushort)0)]));
        yield return Case("an offer with a host's number", "pair 2", OfferFrame(2, "x"));
        yield return Case("an offer numbered 0", "pair 0", OfferFrame(0, "x"));
        yield return Case("an offer with a number too large", "pair 4294967295", OfferFrame(uint.MaxValue, "x"));
        yield return Case("the same offer twice", "pair 1", OfferFrame(1, "x"), OfferFrame(1, "x"));
        yield return Case("offers that go backwards", "does not follow 5", OfferFrame(5, "x"), OfferFrame(3, "x"));
        yield return Case("an offer without a window", "window is 0", OfferFrame(1, "x", window: 0));
        yield return Case("an offer with a tiny window", "window is 100", OfferFrame(1, "x", window: 100));
        yield return Case("an offer with an absurd window", "window is 4294967295", OfferFrame(1, "x", window: uint.MaxValue));
        yield return Case("an offer without a name", "service is empty", OfferFrame(1, ""));
        yield return Case("an offer with a long name", "service has 256 bytes", OfferFrame(1, new string('x', 256)));
        yield return Case("an offer with a line in its name", "control character", OfferFrame(1, "tcp:1\n"));
        yield return Case(
            "an offer that is no UTF-8", "service is no UTF-8", Frame(Offer, 1, [.. Le(65536u), .. Le((ushort)2), 0xC3, 0x28]));
        yield return Case(
            "an offer that is cut off", "service says 9 bytes and has 1", Frame(Offer, 1, [.. Le(65536u), .. Le((ushort)9), 65]));
        yield return Case("an accept of nothing", "pair 2", Frame(Accept, 2, Le(65536u)));
        yield return Case("a reject of nothing", "pair 2", Frame(Reject, 2, [.. Le(0u), .. Le((ushort)0)]));
        yield return Case("a withdrawal of nothing", "pair 1", Frame(Withdraw, 1));
        yield return Case("data before the offer is answered", "channel 3", OfferFrame(1, "x"), Frame(Data, 3, 1));
    }

    /// <summary>Frames to a host with pair 1 open, and what its error must name.</summary>
    private static IEnumerable<TestCaseData> FramesWithPair()
    {
        yield return Case("an empty data frame", "channel 3", Frame(Data, 3));
        yield return Case("data after the end", "is ended", Frame(End, 3), Frame(Data, 3, 1));
        yield return Case("an end after the end", "channel 3", Frame(End, 3), Frame(End, 3));
        yield return Case("more credit than the window", "channel 2", Frame(Credit, 2, Le(1u)));
        yield return Case("no credit at all", "credit is 0", Frame(Credit, 2, Le(0u)));
        yield return Case("an overflow of credit", "credit is 4294967295", Frame(Credit, 2, Le(uint.MaxValue)));
        yield return Case("credit for the wrong direction", "channel 3", Frame(Credit, 3, Le(1u)));
        yield return Case(
            "more data than the credit",
            "the credit",
            [.. Enumerable.Range(0, (BusOptions.DefaultWindow / 65000) + 1).Select(_ => Frame(Data, 3, new byte[65000]))]);
        yield return Case(
            "reading stopped twice", "channel 2", Frame(ReadingStopped, 2), Frame(ReadingStopped, 2), Frame(ReadingStopped, 2));
        yield return Case("the same offer after it was accepted", "pair 1", OfferFrame(1, "x"));
        yield return Case("data after a reset", "channel 3", Frame(Reset, 1, [.. Le(6u), .. Le((ushort)0)]), Frame(Data, 3, 1));
        yield return Case(
            "a reset with a long reason", "reason has 600 bytes", Frame(Reset, 1, [.. Le(6u), .. Le((ushort)600), .. new byte[600]]));
    }

    [TestCaseSource(nameof(FramesWithoutPair))]
    public async Task A_frame_that_breaks_the_protocol_ends_the_bus(string named, byte[][] frames)
    {
        await using RawPeer peer = await ConnectAsync();

        await peer.SendAsync(frames);

        await ExpectEndAsync(peer, named);
    }

    [TestCaseSource(nameof(FramesWithPair))]
    public async Task A_frame_that_breaks_a_pair_ends_the_bus(string named, byte[][] frames)
    {
        await using RawPeer peer = await ConnectAsync();
        BusChannelPair pair = await peer.OpenAsync();

        await peer.SendAsync(frames);

        await ExpectEndAsync(peer, named);
        await BusAssert.FailsAsync(pair.Completion, BusError.Corrupt, BusError.ChannelReset);
    }

    [Test]
    public async Task More_offers_than_the_host_accepts_end_the_bus()
    {
        await using RawPeer peer = await ConnectAsync(new BusOptions { Side = BusSide.Host, ComponentVersion = "h", MaxPendingOffers = 3 });

        await peer.SendAsync(OfferFrame(1, "a"), OfferFrame(3, "b"), OfferFrame(5, "c"), OfferFrame(7, "d"));

        await ExpectEndAsync(peer, "3 may wait");
    }

    [Test]
    public async Task An_unknown_frame_and_unknown_trailing_bytes_are_ignored()
    {
        await using RawPeer peer = await ConnectAsync();

        await peer.SendAsync(
            Frame(99, 12345, new byte[5000]),
            Frame(Offer, 1, [.. Le(65536u), .. Le((ushort)1), (byte)'x', 9, 9, 9, 9]));

        BusChannelOffer? offer = await peer.Bus.ReceiveOfferAsync().AsTask().WaitAsync(BusPair.StepLimit);
        Assert.That(offer!.Service, Is.EqualTo("x"));
    }

    [Test]
    public async Task A_ping_is_answered_with_its_number()
    {
        await using RawPeer peer = await ConnectAsync();

        await peer.SendAsync(Frame(Ping, 77));

        Assert.That((await peer.ReceiveAsync(Pong)).Id, Is.EqualTo(77));
    }

    [Test]
    public async Task A_side_that_reads_no_more_gets_the_end_at_once()
    {
        await using RawPeer peer = await ConnectAsync();
        BusChannelPair pair = await peer.OpenAsync(window: 4096);
        Task writing = pair.SendRandomAsync(1 << 20, seed: 1);

        await peer.SendAsync(Frame(ReadingStopped, 2));

        Assert.That((await peer.ReceiveAsync(End)).Id, Is.EqualTo(2));
        await writing.WaitAsync(BusPair.StepLimit);
    }

    [Test]
    public async Task Credit_for_a_pair_that_has_ended_is_ignored()
    {
        await using RawPeer peer = await ConnectAsync();
        BusChannelPair pair = await peer.OpenAsync();
        await pair.EndAsync();
        await peer.SendAsync(Frame(End, 3));
        await pair.Completion.WaitAsync(BusPair.StepLimit);

        await peer.SendAsync(
            Frame(Credit, 2, Le(100u)), Frame(ReadingStopped, 2), Frame(Reset, 1, [.. Le(6u), .. Le((ushort)0)]), Frame(Ping, 5));

        Assert.That((await peer.ReceiveAsync(Pong)).Id, Is.EqualTo(5));
    }

    [Test]
    public async Task An_accept_that_crosses_the_withdrawal_is_reset()
    {
        await using RawPeer peer = await ConnectAsync();
        using CancellationTokenSource giveUp = new();
        Task<BusChannelPair> offering = peer.Bus.OfferAsync("late", giveUp.Token);
        (uint pair, _) = await peer.ReceiveAsync(Offer);
        await giveUp.CancelAsync();
        await peer.ReceiveAsync(Withdraw);

        await peer.SendAsync(Frame(Accept, pair, Le(65536u)));

        Assert.That((await peer.ReceiveAsync(Reset)).Id, Is.EqualTo(pair));
        Assert.That(async () => await offering, Throws.InstanceOf<OperationCanceledException>());
        await peer.SendAsync(Frame(Reset, pair, [.. Le(6u), .. Le((ushort)0)]));
        await BusAssert.UntilAsync(() => peer.Bus.Channels.Count == 0);
    }

    [Test]
    public async Task A_guest_that_offers_and_gives_up_in_a_loop_without_reading_costs_no_more_than_its_slots()
    {
        await using RawPeer peer = await ConnectAsync();
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(20));

        // The answers to withdrawals fill the link, then the slots for offers; the host must end the bus and not collect answers.
        async Task FloodAsync()
        {
            for (uint pair = 1; !peer.Bus.Completion.IsCompleted; pair += 2)
            {
                await peer.Link.WriteAsync((byte[])[.. OfferFrame(pair, "flood"), .. Frame(Withdraw, pair)], limit.Token);
            }
        }

        try
        {
            await FloodAsync();
        }
        catch (IOException)
        {
            // The host has closed the link.
        }

        BusException failure = await BusAssert.FailsAsync(peer.Bus.Completion, BusError.Corrupt);
        Assert.That(failure.Message, Does.Contain("one too many"));
    }

    [Test]
    public async Task Noise_after_the_hello_ends_the_bus_and_hangs_nothing([Range(1, 20)] int seed)
    {
        await using RawPeer peer = await ConnectAsync();
        await peer.OpenAsync();
        Random random = new(seed);
        byte[] noise = new byte[random.Next(1, 3000)];
        random.NextBytes(noise);

        // Types and lengths that make sense, so that the noise gets past the first check now and then.
        for (int at = 0; at + 12 <= noise.Length; at += random.Next(12, 40))
        {
            Le((uint)random.Next(0, 30)).CopyTo(noise, at);
            noise[at + 4] = (byte)random.Next(0, 14);
            Le((uint)random.Next(0, 5)).CopyTo(noise, at + 8);
        }

        try
        {
            await peer.Link.WriteAsync(noise);
        }
        catch (IOException)
        {
            // The host has closed the link already.
        }

        await peer.Link.DisposeAsync();
        try
        {
            await peer.Bus.Completion.WaitAsync(BusPair.StepLimit);
        }
        catch (BusException failure)
        {
            Assert.That(failure.Error, Is.AnyOf(
                BusError.Corrupt, BusError.LinkLost, BusError.RevisionMismatch, BusError.TimedOut, BusError.TooManyChannels,
                BusError.Rejected, BusError.ChannelReset, BusError.Closed));
        }
    }

    [TestCase("no bus at all", "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [TestCase("line ends rewritten", "VPCBus\n\n0000000000000000000000000000000000000000000000000000000000000")]
    public async Task A_peer_with_another_magic_is_refused(string _, string bytes) =>
        await ExpectRefusedHelloAsync(System.Text.Encoding.ASCII.GetBytes(bytes), "magic");

    [Test]
    public async Task A_hello_with_a_bad_field_is_refused_and_the_field_named()
    {
        await ExpectRefusedHelloAsync([.. "VPCBus\r\n"u8, .. Le(uint.MaxValue)], "length");
        await ExpectRefusedHelloAsync([.. "VPCBus\r\n"u8, .. Le(10u), .. new byte[10]], "length");
        await ExpectRefusedHelloAsync(Hello(minRevision: 0), "revisions");
        await ExpectRefusedHelloAsync(Hello(minRevision: 3, maxRevision: 2), "revisions");
        await ExpectRefusedHelloAsync(Hello(side: 7), "side");
        await ExpectRefusedHelloAsync(Hello(framePayload: 12), "largest frame");
        await ExpectRefusedHelloAsync(Hello(version: new string('v', 129)), "component version");
    }

    [Test]
    public async Task A_longer_hello_of_a_later_revision_is_understood()
    {
        await using LinkTest link = new();
        Task<BusConnection> establishing = link.Establish();
        await link.Guest.WriteAsync(Hello(maxRevision: 9, tail: [1, 2, 3, 4, 5]));
        await link.Guest.WriteAsync(Welcome());

        BusConnection bus = await establishing.WaitAsync(BusPair.StepLimit);

        Assert.That(bus.Peer.Revision, Is.EqualTo(1));
        await link.Guest.DisposeAsync();
        await bus.DisposeAsync();
    }

    [Test]
    public async Task Two_hosts_refuse_each_other()
    {
        await using LinkTest link = new();
        Task<BusConnection> establishing = link.Establish();
        await link.Guest.WriteAsync(Hello(side: 0));
        await link.Guest.WriteAsync(Welcome());

        BusException refusal = await BusAssert.FailsAsync(establishing, BusError.RevisionMismatch);
        Assert.That(refusal.Message, Does.Contain("Both ends"));
    }

    [Test]
    public async Task The_reason_of_a_peer_that_refuses_is_read()
    {
        await using LinkTest link = new();
        Task<BusConnection> establishing = link.Establish();
        await link.Guest.WriteAsync(Hello());
        byte[] reason = "Not today."u8.ToArray();
        await link.Guest.WriteAsync((byte[])[.. Le((uint)(6 + reason.Length)), .. Le(2u), .. Le((ushort)reason.Length), .. reason]);

        BusException refusal = await BusAssert.FailsAsync(establishing, BusError.RevisionMismatch);
        Assert.That(refusal.Message, Does.Contain("Not today."));
    }

    private static TestCaseData Case(string name, string named, params byte[][] frames) =>
        new TestCaseData(named, frames).SetArgDisplayNames(name);

    private static async Task ExpectRefusedHelloAsync(byte[] hello, string named)
    {
        await using LinkTest link = new();
        Task<BusConnection> establishing = link.Establish();
        await link.Guest.WriteAsync(hello);

        BusException refusal = await BusAssert.FailsAsync(establishing, BusError.Corrupt);
        Assert.That(refusal.Message, Does.Contain(named));
    }

    private static async Task ExpectEndAsync(RawPeer peer, string named)
    {
        (_, byte[] payload) = await peer.ReceiveAsync(Goodbye);
        Assert.That(payload.Take(4), Is.EqualTo(Le((uint)BusError.Corrupt)), "the guest gets the reason");
        BusException failure = await BusAssert.FailsAsync(peer.Bus.Completion, BusError.Corrupt);
        Assert.That(failure.Message, Does.Contain(named));
        Assert.That(peer.Bus.Channels, Is.Empty);
    }
}

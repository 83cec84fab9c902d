using System.Buffers;
using System.IO.Pipelines;
using CsCheck;
using VpcComApi.VpcBus.Tests.Links;

namespace VpcComApi.VpcBus.Tests.Model;

/// <summary>
/// Pairs that open, end, half-close, stop reading, reset and are withdrawn on both sides at the same time, in random interleavings, against
/// a model of what each side must have seen in the end.
/// </summary>
[TestFixture]
[CancelAfter(60_000)]
internal sealed class ChannelModelTests
{
    private const int SecondsOfRounds = 5;
    private const string Afterwards = "afterwards";
    private static readonly TimeSpan RoundLimit = TimeSpan.FromSeconds(20);

    private static readonly Gen<PairScript> GenScript =
        from writes in Gen.Int[1, 9000].Array[0, 6]
        from yields in Gen.Int[0, 4]
        from reads in Gen.Int[0, 20_000]
        from stops in Gen.Int[0, 3]
        from reset in Gen.Int[0, 6]
        from resets in Gen.Int[0, 3]
        select new PairScript(writes, yields, stops == 0 ? reads : null, resets == 0 ? reset : null);

    private static readonly Gen<PairPlan> GenPlan =
        from hostOffers in Gen.Bool
        from givesUp in Gen.Int[0, 3]
        from givesUpAfter in Gen.Int[0, 12]
        from refuses in Gen.Int[0, 5]
        from offerer in GenScript
        from accepter in GenScript
        select new PairPlan(hostOffers, givesUp == 0 ? givesUpAfter : null, refuses == 0, offerer, accepter);

    [Test]
    public async Task Every_interleaving_ends_as_the_model_says_in_frames() => await GenPlan.Array[1, 8].SampleAsync(
        plans =>
            CheckAsync(plans, DuplexPipeStream.CreateLink(bufferedBytes: 8192), inRings: false)
                .WaitAsync(RoundLimit), time: SecondsOfRounds);

    [Test]
    [Platform("Linux")]
    public async Task Every_interleaving_ends_as_the_model_says_in_rings() => await GenPlan.Array[1, 8].SampleAsync(
        async plans =>
            await CheckAsync(plans, await SocketLinks.CreateUnixAsync(), inRings: true).WaitAsync(RoundLimit), time: SecondsOfRounds);

    private static async Task CheckAsync(PairPlan[] plans, LinkPair link, bool inRings)
    {
        // Small windows and rings, so that writers wait in the middle of things.
        await using BusPair bus = await BusPair.ConnectAsync(
            link,
            new BusOptions { Side = BusSide.Host, ComponentVersion = "h", Window = 4096, SendBuffer = 2048, RingSize = 4096 },
            new BusOptions { Side = BusSide.Guest, ComponentVersion = "g", Window = 8192, SendBuffer = 1 });
        Assert.That(bus.Host.Rings() is not null, Is.EqualTo(inRings));
        using CancellationTokenSource stop = new();
        Task<Dictionary<int,
        PairOutcome?>>[] answering = [AnswerAsync(bus.Host, plans, stop.Token), AnswerAsync(bus.Guest, plans, stop.Token)];
        PairOutcome?[] offered = await Task.WhenAll(plans.Select((plan, n) => OfferAsync(plan.HostOffers ? bus.Host : bus.Guest, plan, n)));

        // A withdrawn offer may have been accepted before; the next one of its side arrives after its end.
        await BusAssert.UntilAsync(() => bus.Host.Channels.Count == 0 && bus.Guest.Channels.Count == 0);
        await stop.CancelAsync();
        Dictionary<int, PairOutcome?> accepted = new((await Task.WhenAll(answering)).SelectMany(outcomes => outcomes));
        for (int n = 0; n < plans.Length; n++)
        {
            Compare(plans[n], offered[n], accepted.GetValueOrDefault(n));
        }

        // Whatever happened to those pairs, the bus works.
        Task<BusChannelPair> offering = bus.Host.OfferAsync(Afterwards);
        BusChannelOffer? offer;
        do
        {
            // The other side may process a withdrawn offer only now.
            offer = await bus.Guest.ReceiveOfferAsync();
        }
        while (offer!.Service != Afterwards);

        BusChannelPair guest = await offer.AcceptAsync();
        BusChannelPair host = await offering;
        await host.SendAsync([1, 2, 3]);
        Assert.That(await guest.ReceiveAsync(3), Is.EqualTo(new byte[] { 1, 2, 3 }));
    }

    /// <summary>The model.</summary>
    private static void Compare(PairPlan plan, PairOutcome? offerer, PairOutcome? accepter)
    {
        if (plan.GivesUpAfter is null)
        {
            Assert.That(offerer is null, Is.EqualTo(plan.Refuses), "an offer that is kept up is answered as the other side likes");
            Assert.That(accepter is null, Is.EqualTo(plan.Refuses));
        }

        if (offerer is null)
        {
            Assert.That(
                accepter is null or { Reset: true, EndSeen: false }, Is.True, "the acceptor of a withdrawn offer gets a reset");
            return;
        }

        Assert.That(accepter, Is.Not.Null, "a pair has two ends");
        bool resets = plan.Offerer.ResetsAfter is not null || plan.Accepter.ResetsAfter is not null;
        Assert.That(resets || !(offerer.Reset || accepter!.Reset), Is.True, "nobody sees a reset that nobody sent");
        CompareDirection(plan.Offerer, plan.Accepter, accepter!);
        CompareDirection(plan.Accepter, plan.Offerer, offerer);
    }

    private static void CompareDirection(PairScript sender, PairScript receiver, PairOutcome seen)
    {
        Assert.That(seen.Received, Is.AtMost(sender.Length));
        if (seen.EndSeen)
        {
            Assert.That(seen.Received, Is.EqualTo(sender.Length), "an end arrives after the last byte");
        }
        else if (!seen.Reset)
        {
            Assert.That(receiver.ReadsAtMost, Is.Not.Null, "only a side that stops reading gets neither end nor reset");
            Assert.That(seen.Received, Is.AtLeast(Math.Min(receiver.ReadsAtMost!.Value, sender.Length)));
        }
    }

    private static async Task<PairOutcome?> OfferAsync(BusConnection bus, PairPlan plan, int number)
    {
        using CancellationTokenSource giveUp = new();
        Task<BusChannelPair> offering = bus.OfferAsync($"{number}", giveUp.Token);
        if (plan.GivesUpAfter is { } yields)
        {
            await YieldAsync(yields);
            await giveUp.CancelAsync();
        }

        try
        {
            return await PlayAsync(await offering, plan.Offerer, own: number, other: number + 100);
        }
        catch (Exception failure) when (failure is OperationCanceledException or BusChannelRejectedException)
        {
            return null;
        }
    }

    private static async Task<Dictionary<int, PairOutcome?>> AnswerAsync(BusConnection bus, PairPlan[] plans, CancellationToken stop)
    {
        Dictionary<int, Task<PairOutcome?>> playing = new();
        try
        {
            while (await bus.ReceiveOfferAsync(stop) is { } offer)
            {
                int number = int.Parse(offer.Service, System.Globalization.CultureInfo.InvariantCulture);
                playing[number] = TakeAsync(offer, plans[number], number);
            }
        }
        catch (OperationCanceledException)
        {
            // All are answered.
        }

        Dictionary<int, PairOutcome?> outcomes = new();
        foreach ((int number, Task<PairOutcome?> outcome) in playing)
        {
            outcomes[number] = await outcome;
        }

        return outcomes;
    }

    private static async Task<PairOutcome?> TakeAsync(BusChannelOffer offer, PairPlan plan, int number)
    {
        await YieldAsync(plan.Accepter.YieldsBefore);
        if (plan.Refuses)
        {
            await offer.RejectAsync(1, "By plan.");
            return null;
        }

        try
        {
            return await PlayAsync(await offer.AcceptAsync(), plan.Accepter, own: number + 100, other: number);
        }
        catch (BusException failure) when (failure.Error == BusError.ChannelReset)
        {
            // Withdrawn before it was accepted.
            return null;
        }
    }

    private static async Task<PairOutcome> PlayAsync(BusChannelPair pair, PairScript script, int own, int other)
    {
        Task writing = Task.Run(() => WriteAsync(pair, script, own));
        Task<(long Received, bool EndSeen)> reading = Task.Run(() => ReadAsync(pair, script, other));
        await writing;
        (long received, bool endSeen) = await reading;
        try
        {
            await pair.Completion;
            return new PairOutcome(received, endSeen, Reset: false);
        }
        catch (BusException failure)
        {
            Assert.That(failure.Error, Is.EqualTo(BusError.ChannelReset), failure.Message);
            return new PairOutcome(received, endSeen, Reset: true);
        }
    }

    private static async Task WriteAsync(BusChannelPair pair, PairScript script, int seed)
    {
        try
        {
            long written = 0;
            for (int step = 0; step <= script.Writes.Length; step++)
            {
                await YieldAsync(script.YieldsBefore);
                if (script.ResetsAfter == step)
                {
                    pair.Abort();
                }

                if (step < script.Writes.Length)
                {
                    byte[] block = new byte[script.Writes[step]];
                    Pattern.Fill(seed, written, block);
                    written += block.Length;
                    await pair.Output.WriteAsync(block);
                }
            }
        }
        catch (BusException)
        {
            // Reset. What that means is in the pair's completion.
        }

        await pair.Output.CompleteAsync();
    }

    private static async Task<(long Received, bool EndSeen)> ReadAsync(BusChannelPair pair, PairScript script, int seed)
    {
        long received = 0;
        bool endSeen = false;
        try
        {
            while (!endSeen && !(received >= script.ReadsAtMost))
            {
                ReadResult read = await pair.Input.ReadAsync();
                Assert.That(Pattern.Matches(seed, received, read.Buffer.ToArray()), Is.True, $"the bytes from {received} on");
                received += read.Buffer.Length;
                pair.Input.AdvanceTo(read.Buffer.End);
                endSeen = read.IsCompleted;
                await YieldAsync(script.YieldsBefore);
            }
        }
        catch (BusException)
        {
            // Reset.
        }

        await pair.Input.CompleteAsync();
        return (received, endSeen);
    }

    private static async Task YieldAsync(int times)
    {
        for (int n = 0; n < times; n++)
        {
            await Task.Yield();
        }
    }
}

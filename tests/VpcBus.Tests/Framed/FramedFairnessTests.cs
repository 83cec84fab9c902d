using VpcComApi.VpcBus.Tests.Protocol;
using static VpcComApi.VpcBus.Tests.Protocol.RawPeer;

namespace VpcComApi.VpcBus.Tests.Framed;

/// <summary>
/// The order of the frames when many channels have bytes to send. It does not depend on time, so a busy computer has no effect: the guest
/// reads the link only when all are waiting for it.
/// </summary>
[TestFixture]
[CancelAfter(60_000)]
internal sealed class FramedFairnessTests
{
    private const int Channels = 100;
    private const int Bytes = 500_000;
    private const uint WideWindow = 1024 * 1024;

    /// <summary>The most that one frame carries.</summary>
    private const int LargestFrame = 64 * 1024;

    /// <summary>Frames that the link holds before its reader has read any.</summary>
    private const int FramesUnderWay = 2;

    [Test]
    public async Task Equal_channels_get_equal_shares_at_any_moment()
    {
        await using RawPeer guest = await ConnectAsync();
        await QueueAsync(guest, narrow: 0);
        Dictionary<uint, int> received = new();
        int largestLead = 0;
        int total = 0;
        while (total < Channels * Bytes)
        {
            (uint channel, byte[] payload) = await guest.ReceiveAsync(Data);
            received[channel] = received.GetValueOrDefault(channel) + payload.Length;
            total += payload.Length;
            if (received.Values.All(bytes => bytes < Bytes))
            {
                int least = received.Count < Channels ? 0 : received.Values.Min();
                largestLead = Math.Max(largestLead, received.Values.Max() - least);
            }
        }

        // One frame of the channel that was first, and those that were sent before the others were ready.
        Assert.That(largestLead, Is.Positive.And.AtMost((1 + FramesUnderWay) * LargestFrame));
        Assert.That(received.Values, Is.All.EqualTo(Bytes));
    }

    [Test]
    public async Task A_channel_that_nobody_reads_takes_nothing_from_the_others()
    {
        const int Narrow = 4096;
        await using RawPeer guest = await ConnectAsync();
        await QueueAsync(guest, narrow: Narrow);
        int ofStopped = 0;
        for (int ofOthers = 0; ofOthers < (Channels - 1) * Bytes;)
        {
            (uint channel, byte[] payload) = await guest.ReceiveAsync(Data);
            if (channel == 2)
            {
                ofStopped += payload.Length;
            }
            else
            {
                ofOthers += payload.Length;
            }
        }

        Assert.That(ofStopped, Is.EqualTo(Narrow), "its window, which is a part of a hundredth of what the others got");
    }

    [Test]
    public async Task Control_frames_wait_for_what_is_under_way_and_no_longer()
    {
        await using RawPeer guest = await ConnectAsync();
        BusChannelPair[] pairs = await QueueAsync(guest, narrow: 0);
        for (int n = 0; n < 2 * Channels; n++)
        {
            await guest.ReceiveAsync(Data);
        }

        _ = guest.Bus.OfferAsync("urgent").ContinueWith(static task => _ = task.Exception, TaskScheduler.Default);
        pairs[0].Abort();
        int before = 0;
        HashSet<byte> missing = [Offer, Reset];
        while (missing.Count > 0)
        {
            (byte type, _, _) = await guest.ReceiveAsync();
            missing.Remove(type);
            before += type == Data ? 1 : 0;
        }

        Assert.That(before, Is.AtMost(FramesUnderWay));
    }

    private static Task<RawPeer> ConnectAsync() =>
        RawPeer.ConnectAsync(new BusOptions { Side = BusSide.Host, ComponentVersion = "h", SendBuffer = Bytes });

    /// <summary>Opens channels that have all their bytes waiting when it returns; the first one with a window of its own.</summary>
    private static async Task<BusChannelPair[]> QueueAsync(RawPeer guest, uint narrow)
    {
        BusChannelPair[] pairs = new BusChannelPair[Channels];
        for (uint n = 0; n < Channels; n++)
        {
            await guest.SendAsync(OfferFrame((2 * n) + 1, "bulk", n == 0 && narrow > 0 ? narrow : WideWindow));
            BusChannelOffer? offer = await guest.Bus.ReceiveOfferAsync().AsTask().WaitAsync(BusPair.StepLimit);
            pairs[n] = await offer!.AcceptAsync();
            await guest.ReceiveAsync(Accept);
        }

        foreach (BusChannelPair pair in pairs)
        {
            await pair.SendAsync(new byte[Bytes]);
        }

        return pairs;
    }
}

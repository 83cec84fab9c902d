using VpcComApi.VpcBus.Tests.Links;

namespace VpcComApi.VpcBus.Tests.Framed;

/// <summary>What a thousand channels in frames take of memory. The numbers are those of the protocol page.</summary>
[TestFixture]
[CancelAfter(90_000)]
internal sealed class FramedResourceTests
{
    private const int Pairs = 1000;
    private const int IdleBytes = 32 * 1024;
    private const int Block = 64 * 1024;

    /// <summary>What the test's own lists and tasks take.</summary>
    private const long OwnBytes = 8 * 1024 * 1024;

    [Test]
    public async Task A_thousand_idle_channels_take_little_memory()
    {
        await using BusPair bus = await BusPair.ConnectAsync(
            await SocketLinks.CreateUnixAsync(), Options(BusSide.Host), Options(BusSide.Guest));
        long before = GC.GetTotalMemory(forceFullCollection: true);
        (BusChannelPair Host, BusChannelPair Guest)[] pairs = await OpenAsync(bus);
        byte[] bytes = new byte[200_000];
        foreach ((BusChannelPair host, BusChannelPair guest) in pairs)
        {
            Task[] sending = [host.SendAsync(bytes), guest.SendAsync(bytes)];
            await guest.ReceiveAsync(bytes.Length);
            await host.ReceiveAsync(bytes.Length);
            await Task.WhenAll(sending);
        }

        long idle = (GC.GetTotalMemory(forceFullCollection: true) - before) / (2 * Pairs);
        await TestContext.Out.WriteLineAsync($"an idle channel pair in frames takes {idle} bytes a side");
        Assert.That(pairs[0].Host.Slot, Is.Negative, "in frames");
        Assert.That(idle, Is.LessThan(IdleBytes));
    }

    [Test]
    public async Task A_thousand_channels_that_are_not_read_take_what_the_formula_says_and_no_more()
    {
        const int Window = 16 * 1024;
        const int SendBuffer = 16 * 1024;
        await using BusPair bus = await BusPair.ConnectAsync(
            await SocketLinks.CreateUnixAsync(), Options(BusSide.Host, Window, SendBuffer), Options(BusSide.Guest, Window, SendBuffer));
        long before = GC.GetTotalMemory(forceFullCollection: true);
        (BusChannelPair Host, BusChannelPair Guest)[] pairs = await OpenAsync(bus);

        // A write ends while no more than the send buffer is unsent, so this fills window and buffer; the last one waits.
        Task[] writing = [.. pairs.Select(pair => Task.Run(() => FillAsync(pair.Host)))];
        await BusAssert.UntilAsync(() => bus.Guest.Channels.Count(channel => channel.Bytes == Window) == Pairs);
        long taken = GC.GetTotalMemory(forceFullCollection: true) - before;
        long formula = 2L * ((Pairs * (Window + Block + SendBuffer + (2L * Block))) + (128 * 1024) + (49 * 1024));
        await TestContext.Out.WriteLineAsync(
            $"{Pairs} channel pairs that are not read take {taken / 1024} KiB on both sides; the formula allows {formula / 1024} KiB");
        Assert.That(taken, Is.LessThan(formula + OwnBytes));
        Assert.That(writing.Count(task => task.IsCompleted), Is.Zero, "each writer is held up");
        await bus.DisposeAsync();
        await Task.WhenAll(writing).WaitAsync(BusPair.StepLimit);

        static async Task FillAsync(BusChannelPair pair)
        {
            byte[] bytes = new byte[4096];
            try
            {
                while (true)
                {
                    await pair.Output.WriteAsync(bytes);
                }
            }
            catch (BusException)
            {
                // The test is over.
            }
        }
    }

    private static BusOptions Options(BusSide side, int window = BusOptions.DefaultWindow, int sendBuffer = BusOptions.DefaultSendBuffer) =>
        new()
    {
        Side = side,
        ComponentVersion = "many",
        MaxChannelPairs = Pairs,
        UseRings = false,
        Window = window,
        SendBuffer = sendBuffer,
    };

    private static async Task<(BusChannelPair Host, BusChannelPair Guest)[]> OpenAsync(BusPair bus)
    {
        (BusChannelPair, BusChannelPair)[] pairs = new (BusChannelPair, BusChannelPair)[Pairs];
        for (int n = 0; n < Pairs; n++)
        {
            pairs[n] = await bus.OpenAsync($"s{n}");
        }

        return pairs;
    }
}

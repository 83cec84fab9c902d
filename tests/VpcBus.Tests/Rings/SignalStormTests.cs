using System.Diagnostics;
using VpcComApi.VpcBus.Relay;
using VpcComApi.VpcBus.Tests.Relay;

namespace VpcComApi.VpcBus.Tests.Rings;

/// <summary>
/// A guest that keeps the host's loop busy by needless signals or by the smallest possible pieces. The other machines of the
/// process share that loop, and must not feel it.
/// </summary>
[TestFixture]
[Category("Timing")]
[Platform("Linux")]
[CancelAfter(60_000)]
internal sealed class SignalStormTests
{
    private static readonly TimeSpan StormLength = TimeSpan.FromSeconds(1);

    /// <summary>What a storm of that length may take of a processor; one that nothing holds up takes nearly all of it.</summary>
    private const double MostProcessorMilliseconds = 250;

    /// <summary>
    /// What another machine's round trip may take: a few turns of the loop, and as much again for the system on a busy machine. A loop that
    /// is held up takes a hundred times as long, or for ever.
    /// </summary>
    private const double MostRoundTripMilliseconds = 5;

    /// <summary>
    /// What the guest signals: a pair without bytes, slots without a pair, words without a bit, or only the doorbell.
    /// </summary>
    public enum Storm
    {
        Pair,
        Nobody,
        Nothing,
        Doorbell,
    }

    [Test]
    public async Task Signals_without_need_gain_nothing([Values] Storm storm)
    {
        await using RawRingGuest guest = await RawRingGuest.ConnectAsync();
        (BusChannelPair host, int slot) = await guest.OpenAsync();
        _ = host.Input.ReadAsync().AsTask();
        await using RelayRig other = await RelayRig.BuildAsync();
        RoundTrip(other, 100);
        using Repetition storming = new(storm switch
        {
            Storm.Pair => () => guest.Signal(slot),
            Storm.Nobody => () => guest.Signal(guest.Slots - 1),
            Storm.Nothing => guest.SignalNothing,
            _ => guest.Ring,
        });
        await BusAssert.UntilAsync(() => guest.Bus.Rings()!.Signals.Suspensions > 0);

        double before = LoopThread.ProcessorMilliseconds;
        long began = Stopwatch.GetTimestamp();
        await Task.Delay(StormLength);
        double rate = (LoopThread.ProcessorMilliseconds - before) / Stopwatch.GetElapsedTime(began).TotalSeconds;
        double median = RoundTrip(other, 300);
        storming.Dispose();

        await TestContext.Out.WriteLineAsync(
            $"{storm}: the loop took {rate:0.0} ms of processor time a second; another machine's round trip {median:0.000} ms");
        Assert.That(rate, Is.LessThan(MostProcessorMilliseconds));
        Assert.That(median, Is.LessThan(MostRoundTripMilliseconds));

        // What the guest does in earnest is seen all the same, and once it is quiet again as soon as before.
        Assert.That(guest.Bus.Completion.IsCompleted, Is.False);
        await host.SendAsync([7]);
        Assert.That(guest.Data(slot, BusSide.Host)[0], Is.EqualTo(7));
    }

    [Test]
    public async Task An_honest_guest_is_never_muted()
    {
        await using RelayRig rig = await RelayRig.BuildAsync();
        RoundTrip(rig, 5000);
        BusPair bus = rig.Bus;
        (BusChannelPair host, BusChannelPair guest) = await bus.OpenAsync();
        await Task.WhenAll(
            host.SendRandomAsync(64 * 1024 * 1024, seed: 1), guest.Input.ReceiveToEndAsync(),
            guest.SendRandomAsync(64 * 1024 * 1024, seed: 2), host.Input.ReceiveToEndAsync()).WaitAsync(BusPair.StepLimit);
        for (int n = 0; n < 500; n++)
        {
            (BusChannelPair shortHost, BusChannelPair shortGuest) = await bus.OpenAsync();
            await shortHost.SendAsync([1]);
            await Task.WhenAll(shortHost.DisposeAsync().AsTask(), shortGuest.DisposeAsync().AsTask());
        }

        Assert.That(bus.Host.Rings()!.Signals.Suspensions, Is.Zero);
        Assert.That(bus.Guest.Rings()!.Signals.Suspensions, Is.Zero);
    }

    [Test]
    public async Task A_guest_that_moves_a_byte_at_a_time_makes_no_turn_long([Values] bool toGuest)
    {
        await using RawRingGuest guest = await RawRingGuest.ConnectAsync();
        (BusChannelPair host, int slot) = await guest.OpenAsync();
        using SocketPair client = await SocketPair.ConnectAsync();
        client.Program.SendTimeout = client.Program.ReceiveTimeout = (int)BusPair.StepLimit.TotalMilliseconds;
        using CancellationTokenSource cancel = new();
        Task relaying = ChannelRelay.RunAsync(client.RelayStream, host, client.Options, cancel.Token);
        await using RelayRig other = await RelayRig.BuildAsync();
        RoundTrip(other, 100);
        long count = 0;
        using Repetition trickling = new(() => count += Trickle(guest, slot, toGuest, count));
        byte[] bytes = new byte[65536];
        using Repetition feeding = new(() => _ = toGuest ? client.Program.Send(bytes) : client.Program.Receive(bytes));

        double median = RoundTrip(other, 300);
        trickling.Dispose();
        await cancel.CancelAsync();
        await relaying.WaitAsync(BusPair.StepLimit);
        client.Dispose();

        await TestContext.Out.WriteLineAsync($"another machine's round trip {median:0.000} ms");
        Assert.That(median, Is.LessThan(MostRoundTripMilliseconds));
    }

    /// <summary>Writes or reads one more byte, if the host has read the index.</summary>
    /// <returns>How many.</returns>
    private static int Trickle(RawRingGuest guest, int slot, bool toGuest, long count)
    {
        if (toGuest && count < Volatile.Read(ref guest.Tail(slot, BusSide.Host)))
        {
            Volatile.Write(ref guest.Head(slot, BusSide.Host), count + 1);
        }
        else if (!toGuest && count < Volatile.Read(ref guest.Head(slot, BusSide.Guest)) + 60_000)
        {
            Volatile.Write(ref guest.Tail(slot, BusSide.Guest), count + 1);
        }
        else
        {
            return 0;
        }

        guest.Signal(slot);
        return 1;
    }

    /// <summary>
    /// Sends a byte to and fro through another machine's channel, from socket to socket, so that the loop has its part in it.
    /// </summary>
    /// <returns>The median in milliseconds.</returns>
    private static double RoundTrip(RelayRig rig, int times)
    {
        rig.Client.Program.ReceiveTimeout = rig.Server.Program.ReceiveTimeout = (int)BusPair.StepLimit.TotalMilliseconds;
        rig.Client.Program.NoDelay = rig.Client.RelaySocket.NoDelay = rig.Server.Program.NoDelay = rig.Server.RelaySocket.NoDelay = true;
        byte[] content = [1];
        List<double> taken = new();
        for (int n = 0; n < times; n++)
        {
            long began = Stopwatch.GetTimestamp();
            rig.Client.Program.Send(content);
            rig.Server.Program.Receive(content);
            rig.Server.Program.Send(content);
            rig.Client.Program.Receive(content);
            taken.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        taken.Sort();
        return taken[times / 2];
    }

    /// <summary>Repeats an action on a thread of its own, until the end or until its object is closed.</summary>
    private sealed class Repetition : IDisposable
    {
        private readonly Thread thread;
        private volatile bool stop;

        public Repetition(Action action)
        {
            thread = new Thread(() =>
            {
                try
                {
                    while (!stop)
                    {
                        action();
                    }
                }
                catch (Exception end) when (end is System.Net.Sockets.SocketException or ObjectDisposedException)
                {
                    // The test is over.
                }
            });
            thread.Start();
        }

        public void Dispose()
        {
            stop = true;
            thread.Join();
        }
    }
}

using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using VpcComApi.VpcBus.Tests.Links;

namespace VpcComApi.VpcBus.Tests.Diagnostics;

/// <summary>Buses and channels as a listener of metrics sees them, and the channel events in a failure.</summary>
[TestFixture]
[CancelAfter(30_000)]
internal sealed class BusMetricsTests
{
    private readonly string name = "metrics-" + Guid.NewGuid().ToString("N");

    [Test]
    public async Task A_channel_is_measured_while_it_is_open_and_not_after()
    {
        await using BusPair bus = await ConnectAsync();
        (BusChannelPair host, BusChannelPair guest) = await bus.OpenAsync("tcp:6174");
        await host.SendAsync(new byte[1000]);
        await guest.ReceiveAsync(1000);

        Assert.That(Measure("vpcbus.channel.bytes", "sending"), Is.EqualTo([1000.0]));
        Assert.That(Measure("vpcbus.channel.bytes", "receiving"), Is.EqualTo([0.0]));
        Assert.That(Measure("vpcbus.channel.window.free", "receiving"), Is.EqualTo([(double)BusOptions.DefaultWindow]));
        Assert.That(
            Measure("vpcbus.channel.window.free", "sending").Single(),
            Is.InRange(BusOptions.DefaultWindow - 1000, BusOptions.DefaultWindow));
        Assert.That(Measure("vpcbus.channel.stalls", "sending"), Is.EqualTo([0.0]));
        Assert.That(Measure("vpcbus.channel.age", "sending").Single(), Is.GreaterThan(0));
        Assert.That(Measure("vpcbus.bus.pairs"), Is.EqualTo([1.0]));

        await Task.WhenAll(host.DisposeAsync().AsTask(), guest.DisposeAsync().AsTask());

        Assert.That(Measure("vpcbus.channel.bytes", "sending"), Is.Empty, "a channel that has ended is not reported");
        Assert.That(Measure("vpcbus.bus.pairs"), Is.EqualTo([0.0]));
        Assert.That(Measure("vpcbus.bus.bytes", "sending"), Is.EqualTo([1000.0]), "the bus's own count keeps what it carried");
    }

    [Test]
    public async Task A_bus_that_has_ended_is_not_measured_and_its_failure_is_counted()
    {
        double before = Measure("vpcbus.buses.failed", error: "LinkLost").Sum();
        LinkPair link = DuplexPipeStream.CreateLink();
        BusPair bus = await ConnectAsync(link);
        (BusChannelPair host, _) = await bus.OpenAsync();

        await link.Guest.DisposeAsync();
        await BusAssert.FailsAsync(host.Completion, BusError.LinkLost);
        await BusAssert.FailsAsync(bus.Host.Completion, BusError.LinkLost);

        Assert.That(Measure("vpcbus.bus.pairs"), Is.Empty);
        Assert.That(Measure("vpcbus.buses.failed", error: "LinkLost").Sum(), Is.GreaterThan(before));
        Assert.That(Measure("vpcbus.pairs.failed", error: "LinkLost").Sum(), Is.GreaterThan(0));
        await bus.DisposeAsync();
    }

    [Test]
    public async Task A_failure_of_a_channel_has_the_channel_s_events()
    {
        await using BusPair bus = await ConnectAsync();
        (BusChannelPair host, BusChannelPair guest) = await bus.OpenAsync("tcp:6174");
        await host.SendAsync(new byte[1]);
        await guest.ReceiveAsync(1);
        Task flood = host.SendAsync(new byte[BusOptions.DefaultWindow + BusOptions.DefaultSendBuffer + 100_000]);
        await BusAssert.UntilAsync(() => bus.Host.Channels.Any(channel => channel.IsStalled));

        guest.Abort(new BusException(BusError.ChannelReset, "The program was killed."));

        BusException failure = await BusAssert.FailsAsync(host.Completion, BusError.ChannelReset);
        Assert.That(failure.ChannelEvents.Select(happened => happened.Kind), Is.EqualTo(new[]
        {
            ChannelEventKind.Offered, ChannelEventKind.Accepted, ChannelEventKind.FirstByteSent, ChannelEventKind.SendingStalled,
            ChannelEventKind.ResetByPeer,
        }));
        Assert.That(failure.ToString(), Does.Contain("offered; +").And.Contain("reset by the other side: The program was killed."));
        Assert.That(async () => await flood, Throws.InstanceOf<BusException>());
    }

    [Test]
    public async Task A_channel_that_ends_in_order_records_both_ends()
    {
        await using BusPair bus = await ConnectAsync();
        (BusChannelPair host, BusChannelPair guest) = await bus.OpenAsync();

        await host.EndAsync();
        await guest.Input.ReceiveToEndAsync();
        await guest.EndAsync();
        await host.Completion.WaitAsync(BusPair.StepLimit);

        Assert.That(host.Events.Select(happened => happened.Kind), Is.EqualTo(new[]
        {
            ChannelEventKind.Offered, ChannelEventKind.Accepted, ChannelEventKind.SendingEnded, ChannelEventKind.ReceivingEnded,
            ChannelEventKind.Ended,
        }));
    }

    private Task<BusPair> ConnectAsync(LinkPair? link = null) => BusPair.ConnectAsync(
        link ?? DuplexPipeStream.CreateLink(), new BusOptions { Side = BusSide.Host, ComponentVersion = "1", Name = name });

    /// <summary>The current value of an instrument for this test's bus, or for an error of any bus.</summary>
    private double[] Measure(string instrument, string? direction = null, string? error = null)
    {
        ConcurrentQueue<double> measured = new();
        using MeterListener listener = new();
        listener.InstrumentPublished = (published, listening) =>
        {
            if (published.Meter.Name == BusMetrics.MeterName && published.Name == instrument)
            {
                listening.EnableMeasurementEvents(published);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) => Take(value, tags));
        listener.SetMeasurementEventCallback<double>((_, value, tags, _) => Take(value, tags));
        listener.Start();
        listener.RecordObservableInstruments();
        return [.. measured];

        void Take(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            Dictionary<string, object?> named = new(tags.ToArray());
            bool isMeant = error is null
                ? named.GetValueOrDefault("vpcbus.name") as string == name
                : named["error.type"] as string == error;
            if (isMeant && (direction is null || named["vpcbus.direction"] as string == direction))
            {
                measured.Enqueue(value);
            }
        }
    }
}

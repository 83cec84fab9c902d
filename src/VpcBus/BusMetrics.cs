using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;

namespace VpcComApi.VpcBus;

/// <summary>
/// The buses of this process as metrics (System.Diagnostics.Metrics). All instruments are observable ones: they cost nothing while no
/// listener is attached, and a channel that has ended is not reported any more. docs/channels.md lists them.
/// </summary>
public static class BusMetrics
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "VpcComApi.VpcBus";

    private const string Bytes = "By";
    private const string Seconds = "s";
    private const string Pairs = "{pair}";
    private const string Stalls = "{stall}";

    private static readonly Meter Meter = new(MeterName);
    private static readonly ConcurrentDictionary<BusConnection, bool> Buses = new();
    private static readonly long[] FailedPairs = new long[Enum.GetValues<BusError>().Max(error => (int)error) + 1];
    private static readonly long[] FailedBuses = new long[FailedPairs.Length];
    private static long openedPairs;

    static BusMetrics()
    {
        Meter.CreateObservableCounter(
            "vpcbus.channel.bytes", () => OfChannels(channel => channel.Bytes), Bytes, "Payload bytes that a channel has carried.");
        Meter.CreateObservableGauge(
            "vpcbus.channel.window.free", () =>
                OfChannels(channel => channel.FreeWindow), Bytes, "Bytes that a channel's sender may still send.");
        Meter.CreateObservableCounter(
            "vpcbus.channel.stalls", () => OfChannels(channel => channel.Stalls), Stalls, "How often a channel's window ran out.");
        Meter.CreateObservableGauge(
            "vpcbus.channel.age", () => OfChannels(channel => channel.Age.TotalSeconds), Seconds, "Time since a channel was opened.");

        Meter.CreateObservableUpDownCounter(
            "vpcbus.bus.pairs", () => OfBuses<long>(bus => [(bus.Totals.OpenPairs, null)]), Pairs, "Channel pairs that are open.");
        Meter.CreateObservableCounter(
            "vpcbus.bus.bytes",
            () => OfBuses<long>(
                bus => [(bus.Totals.BytesSent, ChannelDirection.Sending), (bus.Totals.BytesReceived, ChannelDirection.Receiving)]),
            Bytes,
            "Payload bytes that all channels of a bus have carried, those that have ended included.");
        Meter.CreateObservableGauge(
            "vpcbus.bus.age", () => OfBuses<double>(bus => [(bus.Age.TotalSeconds, null)]), Seconds, "Time since a bus was established.");

        Meter.CreateObservableCounter(
            "vpcbus.pairs.opened", () => Interlocked.Read(ref openedPairs), Pairs, "Channel pairs that were opened.");
        Meter.CreateObservableCounter(
            "vpcbus.pairs.failed", () => OfErrors(FailedPairs), Pairs, "Channel pairs that did not end in order.");
        Meter.CreateObservableCounter("vpcbus.buses.failed", () => OfErrors(FailedBuses), "{bus}", "Buses that did not end in order.");
    }

    /// <summary>A bus is up.</summary>
    internal static void Add(BusConnection bus) => Buses.TryAdd(bus, true);

    /// <summary>A bus has ended.</summary>
    /// <param name="bus">The bus.</param>
    /// <param name="failure">How it failed; null when it ended in order.</param>
    internal static void Remove(BusConnection bus, BusException? failure)
    {
        Buses.TryRemove(bus, out _);
        if (failure is not null)
        {
            Interlocked.Increment(ref FailedBuses[(int)failure.Error]);
        }
    }

    /// <summary>A pair was opened.</summary>
    internal static void PairOpened() => Interlocked.Increment(ref openedPairs);

    /// <summary>A pair did not end in order.</summary>
    internal static void PairFailed(BusError error) => Interlocked.Increment(ref FailedPairs[(int)error]);

    private static IEnumerable<Measurement<T>> OfChannels<T>(Func<BusChannelStatistics, T> value)
        where T : struct =>
        from bus in Buses.Keys
        from channel in bus.Channels
        select new Measurement<T>(
            value(channel),
            [
                .. TagsOf(bus), new("vpcbus.channel", channel.ChannelId), new("vpcbus.service", channel.Service), TagOf(channel.Direction),
            ]);

    private static IEnumerable<Measurement<T>> OfBuses<T>(Func<BusConnection, (T Value, ChannelDirection? Direction)[]> values)
        where T : struct =>
        from bus in Buses.Keys
        from measured in values(bus)
        select new Measurement<T>(
            measured.Value, measured.Direction is { } direction ? [.. TagsOf(bus), TagOf(direction)] : TagsOf(bus));

    private static IEnumerable<Measurement<long>> OfErrors(long[] counts)
    {
        foreach (BusError error in Enum.GetValues<BusError>())
        {
            long count = Interlocked.Read(ref counts[(int)error]);
            if (count > 0)
            {
                yield return new Measurement<long>(count, new KeyValuePair<string, object?>("error.type", error.ToString()));
            }
        }
    }

    private static KeyValuePair<string, object?>[] TagsOf(BusConnection bus) =>
    [
        new("vpcbus.side", bus.Side == BusSide.Host ? "host" : "guest"),
        new("vpcbus.name", bus.Options.Name),
        new("vpcbus.session", bus.SessionId.ToString("N", CultureInfo.InvariantCulture)),
    ];

    private static KeyValuePair<string, object?> TagOf(ChannelDirection direction) =>
        new("vpcbus.direction", direction == ChannelDirection.Sending ? "sending" : "receiving");
}

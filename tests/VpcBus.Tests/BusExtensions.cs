using VpcComApi.VpcBus.Rings;

namespace VpcComApi.VpcBus.Tests;

/// <summary>Access to internals of a bus for tests.</summary>
internal static class BusExtensions
{
    /// <summary>The rings of a bus, or null when it has none.</summary>
    public static RingBus? Rings(this BusConnection bus) => bus.Transport as RingBus;

    /// <summary>The rings of a pair, or null when its bytes travel in frames.</summary>
    public static RingPair? Rings(this BusChannelPair pair) => pair.Transport as RingPair;
}

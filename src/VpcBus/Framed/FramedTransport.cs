using VpcComApi.VpcBus.Channels;

namespace VpcComApi.VpcBus.Framed;

/// <summary>Carries the bytes of channel pairs in frames over the bus's link. It keeps nothing, so all pairs share one.</summary>
internal sealed class FramedTransport : IChannelTransport
{
    private FramedTransport()
    {
    }

    /// <summary>The one there is.</summary>
    public static FramedTransport Instance { get; } = new();

    /// <inheritdoc/>
    public int Slot => -1;

    /// <inheritdoc/>
    public (ChannelWriter Output, ChannelReader Input) Open(BusConnection bus, BusChannelPair pair, int sendWindow) => (
        new FramedChannelWriter(bus, pair, (uint)pair.OutputChannelId, sendWindow),
        new FramedChannelReader(bus, pair, (uint)pair.InputChannelId, bus.Options.Window));

    /// <inheritdoc/>
    public IDirectRelay? TryRelay(Stream local, BusChannelPair pair, bool resetEnds) => null;

    /// <inheritdoc/>
    public void Leave()
    {
        // Nothing is held for a pair.
    }
}

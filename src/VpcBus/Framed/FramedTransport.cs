using VpcComApi.VpcBus.Channels;

namespace VpcComApi.VpcBus.Framed;

/// <summary>
/// The transport of channel pairs whose bytes travel in frames over the bus's link. It has no state, so all pairs share one instance.
/// </summary>
internal sealed class FramedTransport : IChannelTransport
{
    private FramedTransport()
    {
    }

    /// <summary>The only instance.</summary>
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
        // Nothing to release for a pair.
    }
}

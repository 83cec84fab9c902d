using VpcComApi.VpcBus.Channels;
using VpcComApi.VpcBus.Protocol;

namespace VpcComApi.VpcBus.Framed;

/// <summary>The transport of a bus that sends the bytes of all pairs in frames: the sides need not agree on anything.</summary>
internal sealed class FramedBus : IBusTransport
{
    private const int NoSlot = -1;

    /// <inheritdoc/>
    public void Start(BusConnection bus)
    {
        // The bus's own loops move the bytes.
    }

    /// <inheritdoc/>
    public void Close()
    {
        // Nothing to release.
    }

    /// <inheritdoc/>
    public int WriteOffer(ref FrameWriter writer, uint pair, int window, ReadOnlySpan<byte> service)
    {
        writer.Write(FrameType.Offer, pair, (uint)window, service);
        return NoSlot;
    }

    /// <inheritdoc/>
    public int ReadOffer(uint pair, ref PayloadReader payload) => NoSlot;

    /// <inheritdoc/>
    public int ChooseSlot(int offered) => NoSlot;

    /// <inheritdoc/>
    public void WriteAccept(ref FrameWriter writer, uint pair, int window, int slot) => writer.Write(FrameType.Accept, pair, (uint)window);

    /// <inheritdoc/>
    public int ReadAccept(uint pair, ref PayloadReader payload, int offered) => NoSlot;

    /// <inheritdoc/>
    public void ReturnSlot(int slot)
    {
        // There are no slots.
    }

    /// <inheritdoc/>
    public IChannelTransport Open(int slot, uint pair, int sendWindow, int receiveWindow) => FramedTransport.Instance;

    /// <inheritdoc/>
    public void Confirm(uint ping)
    {
        // Nobody waits for it.
    }
}

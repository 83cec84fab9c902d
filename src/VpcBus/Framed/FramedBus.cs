using VpcComApi.VpcBus.Channels;
using VpcComApi.VpcBus.Protocol;

namespace VpcComApi.VpcBus.Framed;

/// <summary>Carries the bytes of all pairs of a bus in frames: nothing is to be agreed on.</summary>
internal sealed class FramedBus : IBusTransport
{
    private const int NoPlace = -1;

    /// <inheritdoc/>
    public void Start(BusConnection bus)
    {
        // The bus's own loops move the bytes.
    }

    /// <inheritdoc/>
    public void Close()
    {
        // Nothing is held.
    }

    /// <inheritdoc/>
    public int WriteOffer(ref FrameWriter writer, uint pair, int window, ReadOnlySpan<byte> service)
    {
        writer.Write(FrameType.Offer, pair, (uint)window, service);
        return NoPlace;
    }

    /// <inheritdoc/>
    public int ReadOffer(uint pair, ref PayloadReader payload) => NoPlace;

    /// <inheritdoc/>
    public int ChoosePlace(int offered) => NoPlace;

    /// <inheritdoc/>
    public void WriteAccept(ref FrameWriter writer, uint pair, int window, int place) => writer.Write(FrameType.Accept, pair, (uint)window);

    /// <inheritdoc/>
    public int ReadAccept(uint pair, ref PayloadReader payload, int offered) => NoPlace;

    /// <inheritdoc/>
    public void ReturnPlace(int place)
    {
        // There are none.
    }

    /// <inheritdoc/>
    public IChannelTransport Open(int place, uint pair, int sendWindow, int receiveWindow) => FramedTransport.Instance;

    /// <inheritdoc/>
    public void Confirm(uint ping)
    {
        // Nobody waits for it.
    }
}

using VpcComApi.VpcBus.Channels;
using VpcComApi.VpcBus.Protocol;

namespace VpcComApi.VpcBus.Framed;

/// <summary>
/// The receiving end of a bus channel whose bytes travel in frames. The bus's read loop puts the bytes where the caller reads them; what
/// the caller has consumed is given back to the sender as credit, in portions, so unread bytes never exceed the window.
/// </summary>
internal sealed class FramedChannelReader : ChannelReader
{
    /// <summary>Consumed bytes are given back as credit once they make up this part of the window.</summary>
    internal const int CreditDivisor = 4;

    private readonly Lock _gate;
    private readonly int _window;
    private int _granted;
    private int _consumed;
    private long _bytesReceived;
    private long _stalls;

    internal FramedChannelReader(BusConnection bus, BusChannelPair pair, uint channel, int window)
        : base(bus, pair, channel)
    {
        _gate = bus.Gate;
        _window = window;
        _granted = window;
    }

    /// <inheritdoc/>
    internal override long BytesReceived => _bytesReceived;

    /// <inheritdoc/>
    internal override long Stalls => _stalls;

    /// <inheritdoc/>
    internal override long FreeWindow => _granted;

    /// <inheritdoc/>
    internal override long WaitingBytes => _window - _granted - _consumed;

    private int CreditPortion => _window / CreditDivisor;

    /// <inheritdoc/>
    internal override bool BeginFrame(uint length)
    {
        if (EndReceived)
        {
            throw CorruptFrame.Error(FrameType.Data, Channel, "state", "is ended; no data may follow");
        }

        if (length == 0)
        {
            throw CorruptFrame.Error(FrameType.Data, Channel, "length", "is 0");
        }

        if (length > (uint)_granted)
        {
            throw CorruptFrame.Error(FrameType.Data, Channel, "length", $"is {length} and the credit {_granted}");
        }

        _granted -= (int)length;
        if (_granted == 0)
        {
            _stalls++;
            Pair.Note(ChannelEventKind.ReceivingStalled);
        }

        if (_bytesReceived == 0)
        {
            Pair.Note(ChannelEventKind.FirstByteReceived);
        }

        _bytesReceived += length;
        if (WantsNoMore)
        {
            return false;
        }

        BeginReceiving();
        return true;
    }

    /// <inheritdoc/>
    internal override void WriteControl(ref FrameWriter writer)
    {
        base.WriteControl(ref writer);
        if (_consumed >= CreditPortion && !WantsNoMore)
        {
            writer.Write(FrameType.Credit, Channel, (uint)_consumed);
            _granted += _consumed;
            _consumed = 0;
        }
    }

    /// <inheritdoc/>
    private protected override void GiveBack(int length)
    {
        lock (_gate)
        {
            if (WantsNoMore)
            {
                return;
            }

            _consumed += length;
            if (_consumed < CreditPortion)
            {
                return;
            }

            Bus.Owe(Pair);
        }

        Bus.WakeWriter();
    }
}

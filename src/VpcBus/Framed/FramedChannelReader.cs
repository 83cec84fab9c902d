using VpcComApi.VpcBus.Channels;
using VpcComApi.VpcBus.Protocol;

namespace VpcComApi.VpcBus.Framed;

/// <summary>
/// The receiving end of a bus channel whose bytes travel in frames. The bus's read loop stores the bytes where the caller reads them. The
/// sender gets new credit for consumed bytes, in portions, so unread bytes never exceed the window.
/// </summary>
internal sealed class FramedChannelReader : ChannelReader
{
    /// <summary>New credit is sent when the consumed bytes reach this part of the window.</summary>
    internal const int CreditDivisor = 4;

    private readonly Lock gate;
    private readonly int window;
    private int granted;
    private int consumed;
    private long bytesReceived;
    private long stalls;

    internal FramedChannelReader(BusConnection bus, BusChannelPair pair, uint channel, int window)
        : base(bus, pair, channel)
    {
        gate = bus.Gate;
        this.window = window;
        granted = window;
    }

    /// <inheritdoc/>
    internal override long BytesReceived => bytesReceived;

    /// <inheritdoc/>
    internal override long Stalls => stalls;

    /// <inheritdoc/>
    internal override long FreeWindow => granted;

    /// <inheritdoc/>
    internal override long WaitingBytes => window - granted - consumed;

    private int CreditPortion => window / CreditDivisor;

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

        if (length > (uint)granted)
        {
            throw CorruptFrame.Error(FrameType.Data, Channel, "length", $"is {length} and the credit {granted}");
        }

        granted -= (int)length;
        if (granted == 0)
        {
            stalls++;
            Pair.Note(ChannelEventKind.ReceivingStalled);
        }

        if (bytesReceived == 0)
        {
            Pair.Note(ChannelEventKind.FirstByteReceived);
        }

        bytesReceived += length;
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
        if (consumed >= CreditPortion && !WantsNoMore)
        {
            writer.Write(FrameType.Credit, Channel, (uint)consumed);
            granted += consumed;
            consumed = 0;
        }
    }

    /// <inheritdoc/>
    private protected override void GiveBack(int length)
    {
        lock (gate)
        {
            if (WantsNoMore)
            {
                return;
            }

            consumed += length;
            if (consumed < CreditPortion)
            {
                return;
            }

            Bus.QueueControl(Pair);
        }

        Bus.WakeWriter();
    }
}

using VpcComApi.VpcBus.Channels;
using VpcComApi.VpcBus.Protocol;

namespace VpcComApi.VpcBus.Framed;

/// <summary>
/// The sending end of a bus channel whose bytes travel in frames. The bus's write loop frames them in the caller's blocks, without a copy,
/// and sends them as far as the other side's credit allows.
/// </summary>
internal sealed class FramedChannelWriter : ChannelWriter
{
    private readonly int window;
    private int credit;
    private long bytesSent;
    private long stalls;
    private bool stalled;

    internal FramedChannelWriter(BusConnection bus, BusChannelPair pair, uint channel, int window)
        : base(bus, pair, channel)
    {
        this.window = window;
        credit = window;
    }

    /// <inheritdoc/>
    internal override long BytesSent => bytesSent;

    /// <inheritdoc/>
    internal override long Stalls => stalls;

    /// <inheritdoc/>
    internal override long FreeWindow => credit;

    /// <inheritdoc/>
    internal override bool IsStalled => stalled;

    /// <summary>
    /// Bytes that were written and for which the other side has not returned credit yet; a receiver returns it in portions of a quarter of
    /// its window. Guarded by the gate.
    /// </summary>
    internal override long WaitingBytes =>
        Blocks.Unsent + Math.Max(0, window - credit - (window / FramedChannelReader.CreditDivisor));

    /// <summary>Whether this channel is in the write loop's queue. Guarded by the gate.</summary>
    internal bool IsReady { get; set; }

    /// <summary>
    /// Whether there is something to send: bytes with credit, or the end mark after the last byte. Under the gate.
    /// </summary>
    internal bool HasFrame => Blocks.Unsent > 0 ? credit > 0 : IsEndDue;

    /// <summary>
    /// Returns the next frame. It stays in the caller's block until <see cref="FrameSent"/>; an empty one is the end mark, which
    /// <see cref="WriteEnd"/> writes. Under the gate, when <see cref="HasFrame"/>.
    /// </summary>
    internal ReadOnlyMemory<byte> TakeFrame(int maxPayload)
    {
        if (Blocks.Unsent == 0)
        {
            return default;
        }

        OutgoingSegment block = Blocks.BeginFrame();
        int length = Math.Min(Math.Min(block.Unsent, credit), maxPayload);
        credit -= length;

        int start = block.Start - BusProtocol.HeaderLength;
        new FrameHeader((uint)length, FrameType.Data, Channel).Write(block.Array.AsSpan(start));
        return block.Array.AsMemory(start, BusProtocol.HeaderLength + length);
    }

    /// <summary>The link has sent, or has finally failed to send, the frame with that many payload bytes. Under the gate.</summary>
    internal void FrameSent(int payload)
    {
        if (bytesSent == 0 && payload > 0)
        {
            Pair.Note(ChannelEventKind.FirstByteSent);
        }

        bytesSent += payload;
        if (Blocks.EndFrame(payload))
        {
            NoteStall();
            NoteSent();
        }
    }

    /// <summary>Writes the end mark after the last byte. Under the gate.</summary>
    internal void WriteEnd(ref FrameWriter writer)
    {
        writer.Write(FrameType.End, Channel);
        NoteEndSent();
    }

    /// <inheritdoc/>
    internal override void AddCredit(uint amount)
    {
        if (amount == 0 || amount > (uint)(window - credit))
        {
            throw CorruptFrame.Error(
                FrameType.Credit, Channel, "credit", $"is {amount} where {window - credit} of the window of {window} are in use");
        }

        credit += (int)amount;
        stalled = false;
        Bus.MarkReady(this);
    }

    /// <inheritdoc/>
    internal override void WriteControl(ref FrameWriter writer)
    {
        // The end mark follows the last byte, so the write loop sends it like a frame of bytes.
    }

    /// <inheritdoc/>
    private protected override void Send()
    {
        NoteStall();
        Bus.MarkReady(this);
    }

    /// <inheritdoc/>
    private protected override void NoteReaderStopped() => stalled = false;

    private void NoteStall()
    {
        if (!stalled && credit == 0 && Blocks.Unsent > 0)
        {
            stalled = true;
            stalls++;
            Pair.Note(ChannelEventKind.SendingStalled);
        }
    }
}

using VpcComApi.VpcBus.Channels;
using VpcComApi.VpcBus.Protocol;

namespace VpcComApi.VpcBus.Framed;

/// <summary>
/// The sending end of a bus channel whose bytes travel in frames. The bus's write loop takes them out of the caller's blocks, frames them
/// in place, and sends them as far as the other side's credit reaches.
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
    /// Bytes that were written and that the other side has not taken; a receiver tells of a quarter of its window at once. Guarded by the
    /// gate.
    /// </summary>
    internal override long WaitingBytes =>
        Blocks.Unsent + Math.Max(0, window - credit - (window / FramedChannelReader.CreditDivisor));

    /// <summary>Whether the write loop has this channel in its round. Guarded by the gate.</summary>
    internal bool IsReady { get; set; }

    /// <summary>
    /// Whether the write loop has something to take: bytes with credit, or an end mark behind the last byte. Under the gate.
    /// </summary>
    internal bool HasFrame => Blocks.Unsent > 0 ? credit > 0 : IsEndDue;

    /// <summary>
    /// Takes the next frame. It lies in the caller's block until <see cref="FrameSent"/>; an empty one is the end mark, which
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

    /// <summary>The link has taken, or refused for good, the frame of that many payload bytes. Under the gate.</summary>
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

    /// <summary>Writes the end mark behind the last byte. Under the gate.</summary>
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
        // The end mark is behind the last byte, and so is the write loop's to take like a frame of bytes.
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

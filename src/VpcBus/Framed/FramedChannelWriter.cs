using VpcComApi.VpcBus.Channels;
using VpcComApi.VpcBus.Protocol;

namespace VpcComApi.VpcBus.Framed;

/// <summary>
/// The sending end of a bus channel whose bytes travel in frames. The bus's write loop takes them out of the caller's blocks, frames them
/// in place, and sends them as far as the other side's credit reaches.
/// </summary>
internal sealed class FramedChannelWriter : ChannelWriter
{
    private readonly int _window;
    private int _credit;
    private long _bytesSent;
    private long _stalls;
    private bool _stalled;

    internal FramedChannelWriter(BusConnection bus, BusChannelPair pair, uint channel, int window)
        : base(bus, pair, channel)
    {
        _window = window;
        _credit = window;
    }

    /// <inheritdoc/>
    internal override long BytesSent => _bytesSent;

    /// <inheritdoc/>
    internal override long Stalls => _stalls;

    /// <inheritdoc/>
    internal override long FreeWindow => _credit;

    /// <inheritdoc/>
    internal override bool IsStalled => _stalled;

    /// <summary>
    /// Bytes that were written and that the other side has not taken; a receiver tells of a quarter of its window at once. Guarded by the
    /// gate.
    /// </summary>
    internal override long WaitingBytes =>
        Blocks.Unsent + Math.Max(0, _window - _credit - (_window / FramedChannelReader.CreditDivisor));

    /// <summary>Whether the write loop has this channel in its round. Guarded by the gate.</summary>
    internal bool IsReady { get; set; }

    /// <summary>
    /// Whether the write loop has something to take: bytes with credit, or an end mark behind the last byte. Under the gate.
    /// </summary>
    internal bool HasFrame => Blocks.Unsent > 0 ? _credit > 0 : IsEndDue;

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
        int length = Math.Min(Math.Min(block.Unsent, _credit), maxPayload);
        _credit -= length;

        int start = block.Start - BusProtocol.HeaderLength;
        new FrameHeader((uint)length, FrameType.Data, Channel).Write(block.Array.AsSpan(start));
        return block.Array.AsMemory(start, BusProtocol.HeaderLength + length);
    }

    /// <summary>The link has taken, or refused for good, the frame of that many payload bytes. Under the gate.</summary>
    internal void FrameSent(int payload)
    {
        if (_bytesSent == 0 && payload > 0)
        {
            Pair.Note(ChannelEventKind.FirstByteSent);
        }

        _bytesSent += payload;
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
        if (amount == 0 || amount > (uint)(_window - _credit))
        {
            throw CorruptFrame.Error(
                FrameType.Credit, Channel, "credit", $"is {amount} where {_window - _credit} of the window of {_window} are in use");
        }

        _credit += (int)amount;
        _stalled = false;
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
    private protected override void NoteReaderStopped() => _stalled = false;

    private void NoteStall()
    {
        if (!_stalled && _credit == 0 && Blocks.Unsent > 0)
        {
            _stalled = true;
            _stalls++;
            Pair.Note(ChannelEventKind.SendingStalled);
        }
    }
}

using VpcComApi.VpcBus.Channels;
using VpcComApi.VpcBus.Protocol;

namespace VpcComApi.VpcBus.Rings;

/// <summary>
/// The sending end of a bus channel whose bytes travel through a ring. They are copied from the caller's blocks as far as there is room in
/// the ring. Only the end mark is a frame; it contains the total number of bytes.
/// </summary>
internal sealed class RingChannelWriter : ChannelWriter
{
    private readonly RingPair rings;
    private readonly RingProducer ring;
    private readonly int window;

    internal RingChannelWriter(BusConnection bus, BusChannelPair pair, uint channel, int window, RingPair rings)
        : base(bus, pair, channel)
    {
        this.rings = rings;
        ring = rings.Producer;
        this.window = window;
    }

    /// <inheritdoc/>
    internal override long BytesSent => ring.Tail;

    /// <inheritdoc/>
    internal override long Stalls => ring.Stalls;

    /// <inheritdoc/>
    internal override long FreeWindow => ring.LastFree;

    /// <inheritdoc/>
    internal override bool IsStalled => ring.IsStalled;

    /// <inheritdoc/>
    internal override long WaitingBytes
    {
        get
        {
            lock (ring.Gate)
            {
                return Blocks.Unsent + ring.PeekUntaken();
            }
        }
    }

    /// <inheritdoc/>
    internal override void AddCredit(uint amount) =>
        // The bytes of a ring need no credit, so the other side must not send any.
        throw CorruptFrame.Error(FrameType.Credit, Channel, "credit", $"is {amount} where 0 of the window of {window} are in use");

    /// <inheritdoc/>
    internal override void WriteControl(ref FrameWriter writer)
    {
        if (!IsEndDue)
        {
            return;
        }

        lock (ring.Gate)
        {
            ring.Finish();
        }

        writer.WriteLarge(FrameType.End, Channel, (ulong)ring.Tail);
        NoteEndSent();
    }

    /// <summary>
    /// Copies flushed bytes into the ring, as far as there is room, and sends the end mark once all are in it. Under the gate.
    /// </summary>
    internal void Move()
    {
        if (Blocks.Unsent > 0)
        {
            MoveBytes();
        }

        if (IsEndDue)
        {
            // It need not wait until the bytes are read, because it contains their number.
            Bus.QueueControl(Pair);
        }
    }

    /// <inheritdoc/>
    private protected override void Send() => Move();

    /// <inheritdoc/>
    private protected override void NoteReaderStopped()
    {
        rings.IsAbandonedByPeer = true;
        lock (ring.Gate)
        {
            ring.Finish();
        }

        rings.Wake();
    }

    /// <inheritdoc/>
    private protected override void NoteFailure()
    {
        lock (ring.Gate)
        {
            ring.Close();
        }

        rings.Wake();
    }

    private void MoveBytes()
    {
        try
        {
            lock (ring.Gate)
            {
                for (int moves = 0; Blocks.Unsent > 0 && !ring.IsFinished && ring.TryGetRoom(out Span<byte> room); moves++)
                {
                    if (moves == RingPair.MovesPerTurn)
                    {
                        rings.Wake();
                        break;
                    }

                    ring.Publish(Blocks.MoveTo(room));
                }
            }
        }
        catch (BusException corrupt)
        {
            Bus.EndAsCorrupt(corrupt);
            return;
        }

        Blocks.ReleaseDrained();
        NoteSent();
    }
}

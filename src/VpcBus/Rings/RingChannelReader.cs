using System.Diagnostics;
using System.IO.Pipelines;
using VpcComApi.VpcBus.Channels;
using VpcComApi.VpcBus.Protocol;

namespace VpcComApi.VpcBus.Rings;

/// <summary>
/// The receiving end of a bus channel whose bytes travel through a ring. If the caller reads, they are copied into its buffer and count
/// towards the ring's window until they are consumed. Otherwise a relay reads them from the ring.
/// </summary>
internal sealed class RingChannelReader : ChannelReader
{
    private readonly Lock gate;
    private readonly RingPair rings;
    private readonly RingConsumer ring;
    private bool reading;
    private bool isRelayed;

    internal RingChannelReader(BusConnection bus, BusChannelPair pair, uint channel, RingPair rings)
        : base(bus, pair, channel)
    {
        gate = bus.Gate;
        this.rings = rings;
        ring = rings.Consumer;
    }

    /// <summary>Bytes that have arrived in the ring so far. Guarded by the gate.</summary>
    internal override long BytesReceived
    {
        get
        {
            lock (ring.Gate)
            {
                return ring.PeekTail();
            }
        }
    }

    /// <inheritdoc/>
    internal override long Stalls => ring.Stalls;

    /// <inheritdoc/>
    internal override long FreeWindow => ring.LastFree;

    /// <inheritdoc/>
    internal override long WaitingBytes
    {
        get
        {
            lock (ring.Gate)
            {
                return ring.PeekTail() - ring.Head;
            }
        }
    }

    /// <summary>Whether the caller has neither read nor completed the reader so far. Guarded by the gate.</summary>
    internal bool IsUntouched => !reading && !IsCompleted && !HasFailed;

    /// <inheritdoc/>
    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        BeginRead();
        return base.ReadAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override bool TryRead(out ReadResult result)
    {
        BeginRead();
        return base.TryRead(out result);
    }

    /// <inheritdoc/>
    internal override bool BeginFrame(uint length) =>
        throw CorruptFrame.Error(FrameType.Data, Channel, "channel", "has a ring; its bytes go there");

    /// <summary>A relay reads the bytes from the ring; the caller does not read. Under the gate.</summary>
    internal void LeaveToRelay() => isRelayed = true;

    /// <summary>
    /// Copies bytes from the ring for a caller that reads. They count towards the window until they are consumed. Under the gate.
    /// </summary>
    internal void Move()
    {
        if (!reading || isRelayed || IsCompleted || IsBufferCompleted || HasFailed)
        {
            return;
        }

        bool moved = false;
        bool ended;
        try
        {
            lock (ring.Gate)
            {
                for (int moves = 0; ring.TryGetBytes(out ReadOnlySpan<byte> bytes); moves++)
                {
                    if (moves == RingPair.MovesPerTurn && !rings.IsGone)
                    {
                        rings.Wake();
                        break;
                    }

                    Span<byte> target = Buffer.GetSpan();
                    int length = Math.Min(bytes.Length, target.Length);
                    bytes[..length].CopyTo(target);
                    Buffer.Advance(length);
                    ring.Advance(length);
                    moved = true;
                }

                ended = ring.IsAtEnd;
                if (ended)
                {
                    // All bytes are copied, and the producer does not wait for room any more.
                    ring.Close();
                }
            }
        }
        catch (BusException corrupt)
        {
            Bus.EndAsCorrupt(corrupt);
            return;
        }

        if (moved)
        {
            // Completes at once: the pipe has no limit of its own; the window is the limit.
            ValueTask<FlushResult> flushed = Buffer.FlushAsync();
            Debug.Assert(flushed.IsCompleted, "the pipe accepts a whole window");
        }

        if (ended)
        {
            CompleteBuffer();
        }
    }

    /// <inheritdoc/>
    private protected override void GiveBack(int length)
    {
        lock (ring.Gate)
        {
            if (!ring.IsClosed)
            {
                ring.GiveBack(length);
            }
        }
    }

    /// <inheritdoc/>
    private protected override void ReadEnd(ref PayloadReader payload)
    {
        ulong total = payload.ReadUInt64("total");
        lock (ring.Gate)
        {
            ring.End(total);
        }
    }

    /// <summary>Bytes may still be in the ring.</summary>
    private protected override void FinishReceiving()
    {
        Move();
        rings.Wake();
    }

    /// <inheritdoc/>
    private protected override void StopReceiving()
    {
        lock (ring.Gate)
        {
            ring.Close();
        }

        rings.Wake();
    }

    private void BeginRead()
    {
        lock (gate)
        {
            reading = true;
            Move();
        }
    }
}

using System.Diagnostics;
using System.IO.Pipelines;
using VpcComApi.VpcBus.Channels;
using VpcComApi.VpcBus.Protocol;

namespace VpcComApi.VpcBus.Rings;

/// <summary>
/// The receiving end of a bus channel whose bytes travel through a ring. They are copied into the buffer of a caller who reads, and take up
/// the ring's window until they are consumed; or a relay takes them out of the ring, and the caller never reads.
/// </summary>
internal sealed class RingChannelReader : ChannelReader
{
    private readonly Lock _gate;
    private readonly RingPair _rings;
    private readonly RingConsumer _ring;
    private bool _reading;
    private bool _isRelayed;

    internal RingChannelReader(BusConnection bus, BusChannelPair pair, uint channel, RingPair rings)
        : base(bus, pair, channel)
    {
        _gate = bus.Gate;
        _rings = rings;
        _ring = rings.Consumer;
    }

    /// <summary>Bytes that are here in the ring, or were. Guarded by the gate.</summary>
    internal override long BytesReceived
    {
        get
        {
            lock (_ring.Gate)
            {
                return _ring.PeekTail();
            }
        }
    }

    /// <inheritdoc/>
    internal override long Stalls => _ring.Stalls;

    /// <inheritdoc/>
    internal override long FreeWindow => _ring.LastFree;

    /// <inheritdoc/>
    internal override long WaitingBytes
    {
        get
        {
            lock (_ring.Gate)
            {
                return _ring.PeekTail() - _ring.Head;
            }
        }
    }

    /// <summary>Whether nobody has read or ended the reading so far. Guarded by the gate.</summary>
    internal bool IsUntouched => !_reading && !IsCompleted && !HasFailed;

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

    /// <summary>A relay takes the bytes out of the ring; the caller never reads. Under the gate.</summary>
    internal void LeaveToRelay() => _isRelayed = true;

    /// <summary>
    /// Copies bytes out of the ring for a caller who reads. They take up the window until they are consumed. Under the gate.
    /// </summary>
    internal void Move()
    {
        if (!_reading || _isRelayed || IsCompleted || IsBufferCompleted || HasFailed)
        {
            return;
        }

        bool moved = false;
        bool ended;
        try
        {
            lock (_ring.Gate)
            {
                for (int moves = 0; _ring.TryGetBytes(out ReadOnlySpan<byte> bytes); moves++)
                {
                    if (moves == RingPair.MovesPerTurn && !_rings.IsGone)
                    {
                        _rings.Wake();
                        break;
                    }

                    Span<byte> target = Buffer.GetSpan();
                    int length = Math.Min(bytes.Length, target.Length);
                    bytes[..length].CopyTo(target);
                    Buffer.Advance(length);
                    _ring.Advance(length);
                    moved = true;
                }

                ended = _ring.IsAtEnd;
                if (ended)
                {
                    // All is copied, and nobody waits for room any more.
                    _ring.Close();
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
            // Completes at once: the pipe has no limit of its own, the window is the limit.
            ValueTask<FlushResult> flushed = Buffer.FlushAsync();
            Debug.Assert(flushed.IsCompleted, "the pipe takes whatever the window holds");
        }

        if (ended)
        {
            CompleteBuffer();
        }
    }

    /// <inheritdoc/>
    private protected override void GiveBack(int length)
    {
        lock (_ring.Gate)
        {
            if (!_ring.IsClosed)
            {
                _ring.GiveBack(length);
            }
        }
    }

    /// <inheritdoc/>
    private protected override void ReadEnd(ref PayloadReader payload)
    {
        ulong total = payload.ReadUInt64("total");
        lock (_ring.Gate)
        {
            _ring.End(total);
        }
    }

    /// <summary>Bytes may still be in the ring.</summary>
    private protected override void FinishReceiving()
    {
        Move();
        _rings.Wake();
    }

    /// <inheritdoc/>
    private protected override void LetGo()
    {
        lock (_ring.Gate)
        {
            _ring.Close();
        }

        _rings.Wake();
    }

    private void BeginRead()
    {
        lock (_gate)
        {
            _reading = true;
            Move();
        }
    }
}

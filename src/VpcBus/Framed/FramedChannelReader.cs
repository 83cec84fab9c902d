using System.Buffers;
using System.Diagnostics;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using VpcComApi.VpcBus.Protocol;
using VpcComApi.VpcBus.Rings;

namespace VpcComApi.VpcBus.Framed;

/// <summary>
/// The receiving end of a bus channel. The bus's read loop puts the bytes where the caller reads them; what the caller has consumed is
/// given back to the sender as credit, in portions, so unread bytes never exceed the window.
/// </summary>
/// <remarks>
/// The bytes live in a <see cref="Pipe"/> that nothing but the read loop writes to and completes, because it may be reading from the
/// link straight into the pipe's memory at any moment. A failure therefore does not complete the pipe: it wakes the caller's read,
/// which looks at the failure first.
/// </remarks>
internal sealed class FramedChannelReader : PipeReader
{
    /// <summary>Bytes in one block of the receive buffer.</summary>
    private const int BlockSize = 64 * 1024;

    /// <summary>Consumed bytes are given back as credit once they make up this part of the window.</summary>
    internal const int CreditDivisor = 4;

    private readonly BusConnection _bus;
    private readonly Lock _gate;
    private readonly BusChannelPair _pair;
    private readonly uint _channel;
    private readonly int _window;
    private readonly RingPair? _ring;
    private readonly Pipe _pipe = new(new PipeOptions(
        pauseWriterThreshold: 0, resumeWriterThreshold: 0, minimumSegmentSize: BlockSize, useSynchronizationContext: false));

    private ReadOnlySequence<byte> _current;
    private int _granted;
    private int _consumed;
    private bool _receiving;
    private bool _pipeCompleted;
    private bool _endReceived;
    private bool _completed;
    private bool _stopOwed;
    private bool _reading;
    private bool _isRelayed;
    private long _bytesReceived;
    private long _stalls;
    private volatile BusException? _failure;

    internal FramedChannelReader(BusConnection bus, BusChannelPair pair, uint channel, int window, RingPair? ring)
    {
        _ring = ring;
        _bus = bus;
        _gate = bus.Gate;
        _pair = pair;
        _channel = channel;
        _window = window;
        _granted = window;
    }

    /// <summary>Bytes taken from the link, or here in the ring. Guarded by the gate.</summary>
    internal long BytesReceived
    {
        get
        {
            if (_ring is null)
            {
                return _bytesReceived;
            }

            lock (_ring.Consumer.Gate)
            {
                return _ring.Consumer.PeekTail();
            }
        }
    }

    /// <summary>How often the unread bytes filled the window. Guarded by the gate.</summary>
    internal long Stalls => _ring?.Consumer.Stalls ?? _stalls;

    /// <summary>Whether nobody has read or ended the reading so far. Guarded by the gate.</summary>
    internal bool IsUntouched => !_reading && !_completed && _failure is null;

    /// <summary>Bytes that the other side may still send before the caller reads on. Guarded by the gate.</summary>
    internal long FreeWindow => _ring?.Consumer.LastFree ?? _granted;

    /// <summary>Whether unread bytes fill the window. Guarded by the gate.</summary>
    internal bool IsStalled => FreeWindow == 0 && !WantsNoMore;

    /// <summary>Bytes that the caller has not read. Guarded by the gate.</summary>
    internal long WaitingBytes
    {
        get
        {
            if (_ring is null)
            {
                return _window - _granted - _consumed;
            }

            lock (_ring.Consumer.Gate)
            {
                return _ring.Consumer.PeekTail() - _ring.Consumer.Head;
            }
        }
    }

    /// <summary>Whether the sender's end mark is here. Guarded by the gate.</summary>
    internal bool EndReceived => _endReceived;

    /// <summary>Where the read loop puts a frame's bytes, between <see cref="BeginFrame"/> and <see cref="FinishFrame"/>.</summary>
    internal PipeWriter Buffer => _pipe.Writer;

    private bool WantsNoMore => _endReceived || _completed || _failure is not null;

    /// <inheritdoc/>
    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (_failure is { } failure)
        {
            return ValueTask.FromException<ReadResult>(failure);
        }

        BeginRead();
        ValueTask<ReadResult> read = _pipe.Reader.ReadAsync(cancellationToken);
        return read.IsCompletedSuccessfully ? new ValueTask<ReadResult>(Remember(read.Result)) : AwaitRead(read);
    }

    /// <inheritdoc/>
    public override bool TryRead(out ReadResult result)
    {
        if (_failure is { } failure)
        {
            throw failure;
        }

        BeginRead();
        if (!_pipe.Reader.TryRead(out result))
        {
            return false;
        }

        result = Remember(result);
        return true;
    }

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        int length = (int)_current.Slice(_current.Start, consumed).Length;
        _current = default;
        _pipe.Reader.AdvanceTo(consumed, examined);
        if (length > 0)
        {
            GiveBack(length);
        }
    }

    /// <inheritdoc/>
    public override void CancelPendingRead() => _pipe.Reader.CancelPendingRead();

    /// <summary>Reads no more. Before the end, the other side is told that its bytes have no reader; with an exception, the pair is reset.</summary>
    public override void Complete(Exception? exception = null)
    {
        lock (_gate)
        {
            if (_completed)
            {
                return;
            }

            bool tell = !WantsNoMore;
            _completed = true;
            _current = default;
            CloseRing();
            if (tell && exception is null)
            {
                _stopOwed = true;
                _bus.Owe(_pair);
            }
        }

        // A read that another thread still waits for is not left hanging.
        _pipe.Reader.CancelPendingRead();
        _pipe.Reader.Complete();
        if (exception is not null)
        {
            _pair.Abort(exception as BusException ?? new BusException(BusError.ChannelReset, exception.Message, exception));
        }

        _bus.WakeWriter();
    }

    /// <summary>A data frame begins. Under the gate.</summary>
    /// <returns>Whether somebody wants its bytes; otherwise they are to be skipped.</returns>
    /// <exception cref="BusException">The frame is empty, larger than the credit, or comes after the end.</exception>
    internal bool BeginFrame(uint length)
    {
        if (_ring is not null)
        {
            throw CorruptFrame.Error(FrameType.Data, _channel, "channel", "has a ring; its bytes go there");
        }

        if (_endReceived)
        {
            throw CorruptFrame.Error(FrameType.Data, _channel, "state", "is ended; no data may follow");
        }

        if (length == 0)
        {
            throw CorruptFrame.Error(FrameType.Data, _channel, "length", "is 0");
        }

        if (length > (uint)_granted)
        {
            throw CorruptFrame.Error(FrameType.Data, _channel, "length", $"is {length} and the credit {_granted}");
        }

        _granted -= (int)length;
        if (_granted == 0)
        {
            _stalls++;
            _pair.Note(ChannelEventKind.ReceivingStalled);
        }

        if (_bytesReceived == 0)
        {
            _pair.Note(ChannelEventKind.FirstByteReceived);
        }

        _bytesReceived += length;
        if (WantsNoMore)
        {
            return false;
        }

        _receiving = true;
        return true;
    }

    /// <summary>All bytes of the frame are in the buffer, or the link ended within it. Under the gate.</summary>
    internal void FinishFrame()
    {
        _receiving = false;
        CompletePipeIfOver();
    }

    /// <summary>The sender has sent its last byte. Under the gate.</summary>
    /// <exception cref="BusException">It said so before.</exception>
    internal void ReceiveEnd(ref PayloadReader payload)
    {
        if (_endReceived)
        {
            throw CorruptFrame.Error(FrameType.End, _channel, "state", "was ended before");
        }

        if (_ring is not null)
        {
            ulong total = payload.ReadUInt64("total");
            lock (_ring.Consumer.Gate)
            {
                _ring.Consumer.End(total);
            }
        }

        _endReceived = true;
        _pair.Note(ChannelEventKind.ReceivingEnded);
        CompletePipeIfOver();
        _pair.EndFinished();
    }

    /// <summary>No end mark will come. Under the gate.</summary>
    internal void Fail(BusException failure)
    {
        if (_endReceived || _failure is not null)
        {
            return;
        }

        _failure = failure;
        _stopOwed = false;
        CloseRing();
        CompletePipeIfOver();
        _pipe.Reader.CancelPendingRead();
    }

    /// <summary>Writes the frames that this direction owes to the sender. Under the gate.</summary>
    internal void WriteControl(ref FrameWriter writer)
    {
        if (_stopOwed)
        {
            _stopOwed = false;
            if (!_endReceived)
            {
                _pair.Note(ChannelEventKind.ReadingStopped);
                writer.Write(FrameType.ReadingStopped, _channel);
            }
        }

        if (_consumed >= CreditPortion && !WantsNoMore)
        {
            writer.Write(FrameType.Credit, _channel, (uint)_consumed);
            _granted += _consumed;
            _consumed = 0;
        }
    }

    private int CreditPortion => _window / CreditDivisor;

    private void GiveBack(int length)
    {
        if (_ring is not null)
        {
            lock (_ring.Consumer.Gate)
            {
                if (!_ring.Consumer.IsClosed)
                {
                    _ring.Consumer.GiveBack(length);
                }
            }

            return;
        }

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

            _bus.Owe(_pair);
        }

        _bus.WakeWriter();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadResult> AwaitRead(ValueTask<ReadResult> read) => Remember(await read);

    private ReadResult Remember(ReadResult result)
    {
        if (_failure is { } failure)
        {
            // The failure came while the read was under way; the bytes stay where they are and go with the pipe.
            _pipe.Reader.AdvanceTo(result.Buffer.Start);
            throw failure;
        }

        _current = result.Buffer;
        return result;
    }

    /// <summary>A relay takes the bytes out of the ring; the caller never reads. Under the gate.</summary>
    internal void LeaveToRelay() => _isRelayed = true;

    /// <summary>Copies bytes out of the ring for a caller who reads. They take up the window until they are consumed. Under the gate.</summary>
    internal void MoveFromRing()
    {
        if (_ring is null || !_reading || _isRelayed || _completed || _pipeCompleted || _failure is not null)
        {
            return;
        }

        bool moved = false;
        bool ended;
        try
        {
            RingConsumer ring = _ring.Consumer;
            lock (ring.Gate)
            {
                for (int moves = 0; ring.TryGetBytes(out ReadOnlySpan<byte> bytes); moves++)
                {
                    if (moves == RingPair.MovesPerTurn && !_ring.IsGone)
                    {
                        _ring.Wake();
                        break;
                    }

                    Span<byte> target = _pipe.Writer.GetSpan();
                    int length = Math.Min(bytes.Length, target.Length);
                    bytes[..length].CopyTo(target);
                    _pipe.Writer.Advance(length);
                    ring.Advance(length);
                    moved = true;
                }

                ended = ring.IsAtEnd;
                if (ended)
                {
                    // All is copied, and nobody waits for room any more.
                    ring.Close();
                }
            }
        }
        catch (BusException corrupt)
        {
            _bus.EndAsCorrupt(corrupt);
            return;
        }

        if (moved)
        {
            // Completes at once: the pipe has no limit of its own, the window is the limit.
            ValueTask<FlushResult> flushed = _pipe.Writer.FlushAsync();
            Debug.Assert(flushed.IsCompleted, "the pipe takes whatever the window holds");
        }

        if (ended)
        {
            _pipeCompleted = true;
            _pipe.Writer.Complete();
        }
    }

    private void BeginRead()
    {
        if (_ring is null)
        {
            return;
        }

        lock (_gate)
        {
            _reading = true;
            MoveFromRing();
        }
    }

    private void CloseRing()
    {
        if (_ring is not null)
        {
            lock (_ring.Consumer.Gate)
            {
                _ring.Consumer.Close();
            }

            _ring.Wake();
        }
    }

    private void CompletePipeIfOver()
    {
        if (_ring is not null && _endReceived)
        {
            // Bytes may still be in the ring.
            MoveFromRing();
            _ring.Wake();
            return;
        }

        if (!_receiving && !_pipeCompleted && (_endReceived || _failure is not null))
        {
            _pipeCompleted = true;
            _pipe.Writer.Complete();
        }
    }
}

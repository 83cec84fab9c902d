using System.Diagnostics;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;
using VpcComApi.VpcBus.Protocol;
using VpcComApi.VpcBus.Rings;

namespace VpcComApi.VpcBus.Framed;

/// <summary>
/// The sending end of a bus channel. The caller fills pooled blocks; a flush hands them to the bus's write loop, which frames them in
/// place as far as the other side's credit reaches. A flush waits while more than the send buffer is unsent: that is the back-pressure.
/// Over a ring the blocks are copied into it instead, and the end mark alone is a frame.
/// </summary>
/// <remarks>
/// One caller at a time, as with every <see cref="PipeWriter"/>. Fields are guarded by the bus's gate, but for the caller's own block:
/// while memory of it is handed out, nobody but the caller moves its <see cref="OutgoingSegment.Written"/>.
/// </remarks>
internal sealed class FramedChannelWriter : PipeWriter, IValueTaskSource<FlushResult>
{
    /// <summary>A block with less room than this is not offered to a caller that names no size: short reads cost more than memory.</summary>
    private const int LeastRoom = 4096;

    private readonly BusConnection _bus;
    private readonly Lock _gate;
    private readonly BusChannelPair _pair;
    private readonly uint _channel;
    private readonly int _window;
    private readonly int _sendBuffer;
    private readonly RingPair? _ring;
    private readonly TaskCompletionSource _outputCompletion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private OutgoingSegment? _head;
    private OutgoingSegment? _tail;
    private OutgoingSegment? _inFlight;
    private OutgoingSegment? _spare;
    private bool _memoryOut;
    private int _credit;
    private long _bytesSent;
    private long _stalls;
    private long _unsent;
    private long _unflushed;
    private bool _completed;
    private bool _readerStopped;
    private bool _stalled;
    private bool _endSent;
    private BusException? _failure;

    private ManualResetValueTaskSourceCore<FlushResult> _flush = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration _flushCancellation;
    private bool _flushWaiting;
    private bool _flushCanceled;

    internal FramedChannelWriter(BusConnection bus, BusChannelPair pair, uint channel, int window, int sendBuffer, RingPair? ring)
    {
        _ring = ring;
        _bus = bus;
        _gate = bus.Gate;
        _pair = pair;
        _channel = channel;
        _window = window;
        _credit = window;
        _sendBuffer = sendBuffer;

        // The task is for those who ask; a fault that nobody asked about is no unobserved exception.
        _ = _outputCompletion.Task.ContinueWith(
            static task => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
    }

    /// <summary>Ends when the last byte and the end mark are on the link, or the other side has stopped reading; fails with the channel.</summary>
    internal Task OutputCompletion => _outputCompletion.Task;

    /// <summary>Bytes handed to the link or the ring. Guarded by the gate.</summary>
    internal long BytesSent => _ring?.Producer.Tail ?? _bytesSent;

    /// <summary>How often bytes were there and credit, or room in the ring, was not. Guarded by the gate.</summary>
    internal long Stalls => _ring?.Producer.Stalls ?? _stalls;

    /// <summary>Whether nothing was written and nothing ended so far. Guarded by the gate.</summary>
    internal bool IsUntouched => _tail is null && !_completed && !_readerStopped && _failure is null;

    /// <summary>Bytes that may still be sent before the other side reads on. Guarded by the gate.</summary>
    internal long FreeWindow => _ring?.Producer.LastFree ?? _credit;

    /// <summary>Whether bytes are there and credit is not. Guarded by the gate.</summary>
    internal bool IsStalled => _ring?.Producer.IsStalled ?? _stalled;

    /// <summary>Bytes that were written and that the other side has not taken; a receiver tells of a quarter of its window at once. Guarded by the gate.</summary>
    internal long WaitingBytes
    {
        get
        {
            if (_ring is null)
            {
                return _unsent + Math.Max(0, _window - _credit - (_window / FramedChannelReader.CreditDivisor));
            }

            lock (_ring.Producer.Gate)
            {
                return _unsent + _ring.Producer.PeekUntaken();
            }
        }
    }

    /// <summary>Whether the write loop has this channel in its round. Guarded by the gate.</summary>
    internal bool IsReady { get; set; }

    /// <summary>Whether the end mark is on the link. Guarded by the gate.</summary>
    internal bool EndSent => _endSent;

    /// <summary>Whether the caller has completed the writer. Guarded by the gate.</summary>
    internal bool IsCompleted => _completed;

    /// <inheritdoc/>
    public override bool CanGetUnflushedBytes => true;

    /// <inheritdoc/>
    public override long UnflushedBytes => _unflushed;

    /// <inheritdoc/>
    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sizeHint);
        lock (_gate)
        {
            if (_completed)
            {
                throw new InvalidOperationException("The channel's output is completed; nothing can be written to it.");
            }

            int least = sizeHint == 0 ? LeastRoom : sizeHint;
            if (_tail is null || _tail.Room < least)
            {
                OutgoingSegment? full = _tail;
                var segment = OutgoingSegment.Rent(least, _spare);
                _spare = null;
                if (full is null)
                {
                    _head = segment;
                }
                else
                {
                    full.Next = segment;
                }

                _tail = segment;
                _memoryOut = true;
                ReleaseDrainedHead();
            }

            _memoryOut = true;
            return _tail.Array.AsMemory(_tail.Written);
        }
    }

    /// <inheritdoc/>
    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <inheritdoc/>
    public override void Advance(int bytes)
    {
        OutgoingSegment? tail = _tail;
        if (tail is null || (uint)bytes > (uint)tail.Room)
        {
            throw new ArgumentOutOfRangeException(nameof(bytes), bytes, "More than the memory that was handed out.");
        }

        tail.Written += bytes;
        _unflushed += bytes;
    }

    /// <inheritdoc/>
    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<FlushResult>(cancellationToken);
        }

        bool isTaken;
        bool isReaderGone;
        lock (_gate)
        {
            if (_completed)
            {
                throw new InvalidOperationException("The channel's output is completed; nothing can be flushed to it.");
            }

            Publish();
            isTaken = _failure is null && !_flushCanceled && _unsent <= _sendBuffer;
            isReaderGone = _readerStopped;
        }

        _bus.WakeWriter();
        if (isTaken)
        {
            // What the other side answers to these very bytes is no failure of this flush.
            return new ValueTask<FlushResult>(new FlushResult(isCanceled: false, isCompleted: isReaderGone));
        }

        short token;
        lock (_gate)
        {
            if (_failure is not null)
            {
                return ValueTask.FromException<FlushResult>(_failure);
            }

            if (_flushCanceled)
            {
                _flushCanceled = false;
                return new ValueTask<FlushResult>(new FlushResult(isCanceled: true, isCompleted: _readerStopped));
            }

            if (_unsent <= _sendBuffer || _readerStopped)
            {
                return new ValueTask<FlushResult>(new FlushResult(isCanceled: false, isCompleted: _readerStopped));
            }

            if (_flushWaiting)
            {
                throw new InvalidOperationException("A flush of this channel is already under way.");
            }

            _flush.Reset();
            _flushWaiting = true;
            token = _flush.Version;
        }

        if (cancellationToken.CanBeCanceled)
        {
            _flushCancellation = cancellationToken.UnsafeRegister(
                static (state, canceled) => ((FramedChannelWriter)state!).FailFlush(new OperationCanceledException(canceled)), this);
        }

        return new ValueTask<FlushResult>(this, token);
    }

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        // In blocks, so that a large write is held back like small ones and not copied whole before the first byte leaves.
        FlushResult result;
        do
        {
            Memory<byte> target = GetMemory();
            int length = Math.Min(source.Length, target.Length);
            source[..length].CopyTo(target);
            Advance(length);
            source = source[length..];
            result = await FlushAsync(cancellationToken);
        }
        while (!source.IsEmpty && !result.IsCompleted && !result.IsCanceled);

        return result;
    }

    /// <inheritdoc/>
    public override void CancelPendingFlush()
    {
        lock (_gate)
        {
            if (_flushWaiting)
            {
                _flushWaiting = false;
                _flush.SetResult(new FlushResult(isCanceled: true, isCompleted: _readerStopped));
            }
            else
            {
                _flushCanceled = true;
            }
        }
    }

    /// <summary>Ends the direction: the other side reads its end after the last byte. With an exception, resets the pair instead.</summary>
    public override void Complete(Exception? exception = null)
    {
        lock (_gate)
        {
            if (_completed)
            {
                return;
            }

            Publish();
            _completed = true;
            ReleaseDrainedHead();
            if (exception is null)
            {
                _bus.MarkReady(this);
            }
        }

        if (exception is not null)
        {
            _pair.Abort(exception as BusException ?? new BusException(BusError.ChannelReset, exception.Message, exception));
        }

        _bus.WakeWriter();
    }

    FlushResult IValueTaskSource<FlushResult>.GetResult(short token)
    {
        // Outside the gate: the registration's callback takes it.
        _flushCancellation.Dispose();
        _flushCancellation = default;
        return _flush.GetResult(token);
    }

    ValueTaskSourceStatus IValueTaskSource<FlushResult>.GetStatus(short token) => _flush.GetStatus(token);

    void IValueTaskSource<FlushResult>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _flush.OnCompleted(continuation, state, token, flags);

    /// <summary>Whether the write loop has something to take: bytes with credit, or an end mark behind the last byte. Under the gate.</summary>
    internal bool HasFrame
    {
        get
        {
            if (_endSent || _failure is not null)
            {
                return false;
            }

            // Bytes of a ring are no frames; its end mark is.
            return _unsent > 0 ? _credit > 0 && _ring is null : _completed || _readerStopped;
        }
    }

    /// <summary>
    /// Takes the next frame. It lies in the caller's block until <see cref="FrameSent"/>; an empty one is the end mark, which
    /// <see cref="WriteEnd"/> writes. Under the gate, when <see cref="HasFrame"/>.
    /// </summary>
    internal ReadOnlyMemory<byte> TakeFrame(int maxPayload)
    {
        if (_unsent == 0)
        {
            return default;
        }

        SkipEmptyHeads();
        OutgoingSegment head = _head!;
        Debug.Assert(_inFlight is null, "one frame of a channel at a time");
        int length = Math.Min(Math.Min(head.Unsent, _credit), maxPayload);
        _credit -= length;

        int start = head.Start - BusProtocol.HeaderLength;
        new FrameHeader((uint)length, FrameType.Data, _channel).Write(head.Array.AsSpan(start));
        _inFlight = head;
        return head.Array.AsMemory(start, BusProtocol.HeaderLength + length);
    }

    /// <summary>The link has taken, or refused for good, the frame of that many payload bytes. Under the gate.</summary>
    internal void FrameSent(int payload)
    {
        if (_bytesSent == 0 && payload > 0)
        {
            _pair.Note(ChannelEventKind.FirstByteSent);
        }

        _bytesSent += payload;
        OutgoingSegment sent = _inFlight!;
        _inFlight = null;
        if (sent.IsAbandoned)
        {
            Return(sent);
            return;
        }

        sent.Start += payload;
        if (!IsDiscarding)
        {
            _unsent -= payload;
        }

        ReleaseDrainedHead();
        NoteStall();
        if (_flushWaiting && _unsent <= _sendBuffer)
        {
            _flushWaiting = false;
            _flush.SetResult(new FlushResult(isCanceled: false, isCompleted: _readerStopped));
        }
    }

    /// <summary>Writes the end mark behind the last byte. Under the gate.</summary>
    internal void WriteEnd(ref FrameWriter writer)
    {
        if (_ring is null)
        {
            writer.Write(FrameType.End, _channel);
        }
        else
        {
            lock (_ring.Producer.Gate)
            {
                _ring.Producer.Finish();
            }

            writer.WriteLarge(FrameType.End, _channel, (ulong)_ring.Producer.Tail);
        }

        _endSent = true;
        _pair.Note(ChannelEventKind.SendingEnded);
        _outputCompletion.TrySetResult();
        _pair.EndFinished();
    }

    /// <summary>The other side allows more bytes. Under the gate.</summary>
    /// <exception cref="BusException">It allows more than its window.</exception>
    internal void AddCredit(uint amount)
    {
        if (amount == 0 || amount > (uint)(_window - _credit))
        {
            throw CorruptFrame.Error(
                FrameType.Credit, _channel, "credit", $"is {amount} where {_window - _credit} of the window of {_window} are in use");
        }

        _credit += (int)amount;
        _stalled = false;
        _bus.MarkReady(this);
    }

    /// <summary>The other side reads no more: what is unsent has no reader. Under the gate.</summary>
    /// <exception cref="BusException">It said so before.</exception>
    internal void StopReader()
    {
        if (_readerStopped)
        {
            throw CorruptFrame.Error(FrameType.ReadingStopped, _channel, "state", "was stopped before");
        }

        _readerStopped = true;
        _stalled = false;
        _pair.Note(ChannelEventKind.PeerStoppedReading);
        Discard();
        if (_ring is not null)
        {
            _ring.IsAbandonedByPeer = true;
            lock (_ring.Producer.Gate)
            {
                _ring.Producer.Finish();
            }

            _ring.Wake();
        }

        if (_flushWaiting)
        {
            _flushWaiting = false;
            _flush.SetResult(new FlushResult(isCanceled: false, isCompleted: true));
        }

        _bus.MarkReady(this);
    }

    /// <summary>Ends the direction without its last bytes. Under the gate.</summary>
    internal void Fail(BusException failure)
    {
        if (_endSent || _failure is not null)
        {
            return;
        }

        _failure = failure;
        Discard();
        if (_ring is not null)
        {
            lock (_ring.Producer.Gate)
            {
                _ring.Producer.Close();
            }

            _ring.Wake();
        }

        _outputCompletion.TrySetException(failure);
        if (_flushWaiting)
        {
            _flushWaiting = false;
            _flush.SetException(failure);
        }
    }

    /// <summary>Whether what the caller writes has no way to go. Under the gate.</summary>
    private bool IsDiscarding => _readerStopped || _failure is not null || _endSent;

    private void FailFlush(Exception exception)
    {
        lock (_gate)
        {
            if (_flushWaiting)
            {
                _flushWaiting = false;
                _flush.SetException(exception);
            }
        }
    }

    /// <summary>Makes the caller's bytes visible to the write loop. Under the gate.</summary>
    private void Publish()
    {
        _memoryOut = false;
        _unflushed = 0;
        if (IsDiscarding)
        {
            Discard();
            return;
        }

        for (OutgoingSegment? segment = _head; segment is not null; segment = segment.Next)
        {
            _unsent += segment.Written - segment.End;
            segment.End = segment.Written;
        }

        ReleaseDrainedHead();
        NoteStall();
        MoveToRing();
        _bus.MarkReady(this);
    }

    /// <summary>Copies flushed bytes into the ring, as far as there is room. Under the gate.</summary>
    internal void MoveToRing()
    {
        if (_ring is null || _unsent == 0 || IsDiscarding)
        {
            return;
        }

        try
        {
            RingProducer ring = _ring.Producer;
            lock (ring.Gate)
            {
                for (int moves = 0; _unsent > 0 && !ring.IsFinished && ring.TryGetRoom(out Span<byte> room); moves++)
                {
                    if (moves == RingPair.MovesPerTurn)
                    {
                        _ring.Wake();
                        break;
                    }

                    SkipEmptyHeads();
                    OutgoingSegment head = _head!;
                    int length = Math.Min(head.Unsent, room.Length);
                    head.Array.AsSpan(head.Start, length).CopyTo(room);
                    ring.Publish(length);
                    head.Start += length;
                    _unsent -= length;
                }
            }
        }
        catch (BusException corrupt)
        {
            _bus.EndAsCorrupt(corrupt);
            return;
        }

        ReleaseDrainedHead();
        if (_flushWaiting && _unsent <= _sendBuffer)
        {
            _flushWaiting = false;
            _flush.SetResult(new FlushResult(isCanceled: false, isCompleted: _readerStopped));
        }

        _bus.MarkReady(this);
    }

    private void NoteStall()
    {
        if (!_stalled && _credit == 0 && _unsent > 0)
        {
            _stalled = true;
            _stalls++;
            _pair.Note(ChannelEventKind.SendingStalled);
        }
    }

    private void SkipEmptyHeads()
    {
        while (_head!.Unsent == 0)
        {
            OutgoingSegment empty = _head;
            _head = empty.Next;
            Return(empty);
        }
    }

    /// <summary>Gives a block back and keeps its segment for the next one, so that bulk makes no garbage. Under the gate.</summary>
    private void Return(OutgoingSegment segment)
    {
        segment.Return();
        _spare = segment;
    }

    /// <summary>Gives back the first block once all of it is sent and no memory of it is handed out. Under the gate.</summary>
    private void ReleaseDrainedHead()
    {
        OutgoingSegment? head = _head;
        if (head is null || head == _inFlight || (head == _tail && _memoryOut) || head.Start != head.Written)
        {
            return;
        }

        _head = head.Next;
        if (head == _tail)
        {
            _tail = null;
        }

        Return(head);
    }

    /// <summary>Gives back every block but those that the link or the caller still holds. Under the gate.</summary>
    private void Discard()
    {
        OutgoingSegment? kept = null;
        for (OutgoingSegment? segment = _head; segment is not null;)
        {
            OutgoingSegment? next = segment.Next;
            segment.Next = null;
            if (segment == _tail && _memoryOut)
            {
                kept = segment;
            }
            else if (segment == _inFlight)
            {
                segment.IsAbandoned = true;
            }
            else
            {
                Return(segment);
            }

            segment = next;
        }

        _head = kept;
        _tail = kept;
        _unsent = 0;
    }
}

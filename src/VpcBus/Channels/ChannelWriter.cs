using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;
using VpcComApi.VpcBus.Protocol;

namespace VpcComApi.VpcBus.Channels;

/// <summary>
/// The sending end of a bus channel, as its caller sees it. The caller fills pooled blocks; a flush passes them to the channel's transport.
/// A flush waits while more than the send buffer is unsent: that is the back-pressure. Derived classes implement how the bytes travel.
/// </summary>
/// <remarks>One caller at a time, as with every <see cref="PipeWriter"/>. Fields are guarded by the bus's gate.</remarks>
internal abstract class ChannelWriter : PipeWriter, IValueTaskSource<FlushResult>
{
    private readonly Lock gate;
    private readonly int sendBuffer;
    private readonly TaskCompletionSource outputCompletion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private bool readerStopped;
    private BusException? failure;

    private ManualResetValueTaskSourceCore<FlushResult> flush = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration flushCancellation;
    private bool flushWaiting;
    private bool flushCanceled;

    /// <summary>Makes the end of an open channel.</summary>
    /// <param name="bus">The bus.</param>
    /// <param name="pair">The pair to which the channel belongs.</param>
    /// <param name="channel">The channel's number.</param>
    private protected ChannelWriter(BusConnection bus, BusChannelPair pair, uint channel)
    {
        Bus = bus;
        Pair = pair;
        Channel = channel;
        gate = bus.Gate;
        sendBuffer = bus.Options.SendBuffer;

        // Observed here, so that a failure which no caller awaits is not reported as an unobserved exception.
        _ = outputCompletion.Task.ContinueWith(
            static task => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
    }

    /// <summary>
    /// Ends when the last byte and the end mark are on the link, or the other side has stopped reading; fails with the channel.
    /// </summary>
    internal Task OutputCompletion => outputCompletion.Task;

    /// <summary>Bytes passed to the transport. Guarded by the gate.</summary>
    internal abstract long BytesSent { get; }

    /// <summary>How often there were bytes that could not be sent until the other side read on. Guarded by the gate.</summary>
    internal abstract long Stalls { get; }

    /// <summary>Bytes that may still be sent before the other side reads on. Guarded by the gate.</summary>
    internal abstract long FreeWindow { get; }

    /// <summary>Whether there are bytes that cannot be sent until the other side reads on. Guarded by the gate.</summary>
    internal abstract bool IsStalled { get; }

    /// <summary>Bytes that were written and that the other side has not read. Guarded by the gate.</summary>
    internal abstract long WaitingBytes { get; }

    /// <summary>Whether nothing was written and the direction has not ended so far. Guarded by the gate.</summary>
    internal bool IsUntouched => Blocks.IsEmpty && !IsCompleted && !readerStopped && failure is null;

    /// <summary>Whether the end mark is on the link. Guarded by the gate.</summary>
    internal bool EndSent { get; private set; }

    /// <summary>Whether the caller has completed the writer. Guarded by the gate.</summary>
    internal bool IsCompleted { get; private set; }

    /// <inheritdoc/>
    public override bool CanGetUnflushedBytes => true;

    /// <inheritdoc/>
    public override long UnflushedBytes => Blocks.Unflushed;

    /// <summary>The bus.</summary>
    private protected BusConnection Bus { get; }

    /// <summary>The pair to which the channel belongs.</summary>
    private protected BusChannelPair Pair { get; }

    /// <summary>The channel's number.</summary>
    private protected uint Channel { get; }

    /// <summary>What the caller has written and was not sent yet.</summary>
    private protected OutgoingBlocks Blocks { get; } = new();

    /// <summary>Whether the end mark is to be sent: the last byte was sent, and no more will be written. Guarded by the gate.</summary>
    private protected bool IsEndDue => !EndSent && failure is null && Blocks.Unsent == 0 && (IsCompleted || readerStopped);

    /// <inheritdoc/>
    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sizeHint);
        lock (gate)
        {
            if (IsCompleted)
            {
                throw new InvalidOperationException("The channel's output is completed; nothing can be written to it.");
            }

            return Blocks.GetMemory(sizeHint);
        }
    }

    /// <inheritdoc/>
    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <inheritdoc/>
    public override void Advance(int bytes) => Blocks.Advance(bytes);

    /// <inheritdoc/>
    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<FlushResult>(cancellationToken);
        }

        bool isTaken;
        bool isReaderGone;
        lock (gate)
        {
            if (IsCompleted)
            {
                throw new InvalidOperationException("The channel's output is completed; nothing can be flushed to it.");
            }

            Flush();
            isTaken = failure is null && !flushCanceled && Blocks.Unsent <= sendBuffer;
            isReaderGone = readerStopped;
        }

        Bus.WakeWriter();
        if (isTaken)
        {
            // A failure that is the other side's answer to these bytes does not fail this flush.
            return new ValueTask<FlushResult>(new FlushResult(isCanceled: false, isCompleted: isReaderGone));
        }

        short token;
        lock (gate)
        {
            if (failure is not null)
            {
                return ValueTask.FromException<FlushResult>(failure);
            }

            if (flushCanceled)
            {
                flushCanceled = false;
                return new ValueTask<FlushResult>(new FlushResult(isCanceled: true, isCompleted: readerStopped));
            }

            if (Blocks.Unsent <= sendBuffer || readerStopped)
            {
                return new ValueTask<FlushResult>(new FlushResult(isCanceled: false, isCompleted: readerStopped));
            }

            if (flushWaiting)
            {
                throw new InvalidOperationException("A flush of this channel is already under way.");
            }

            flush.Reset();
            flushWaiting = true;
            token = flush.Version;
        }

        if (cancellationToken.CanBeCanceled)
        {
            flushCancellation = cancellationToken.UnsafeRegister(
                static (state, canceled) => ((ChannelWriter)state!).FailFlush(new OperationCanceledException(canceled)), this);
        }

        return new ValueTask<FlushResult>(this, token);
    }

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        // In blocks, so that back-pressure applies within a large write too, and the first bytes are sent before the last ones are copied.
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
        lock (gate)
        {
            if (!TryEndFlush(isCanceled: true))
            {
                flushCanceled = true;
            }
        }
    }

    /// <summary>Ends the direction: the other side reads its end after the last byte. With an exception, resets the pair instead.</summary>
    public override void Complete(Exception? exception = null)
    {
        lock (gate)
        {
            if (IsCompleted)
            {
                return;
            }

            Flush();
            IsCompleted = true;
            Blocks.ReleaseDrained();
            if (exception is null)
            {
                Send();
            }
        }

        if (exception is not null)
        {
            Pair.Abort(exception as BusException ?? new BusException(BusError.ChannelReset, exception.Message, exception));
        }

        Bus.WakeWriter();
    }

    FlushResult IValueTaskSource<FlushResult>.GetResult(short token)
    {
        // Outside the gate: the callback of the registration enters it.
        flushCancellation.Dispose();
        flushCancellation = default;
        return flush.GetResult(token);
    }

    ValueTaskSourceStatus IValueTaskSource<FlushResult>.GetStatus(short token) => flush.GetStatus(token);

    void IValueTaskSource<FlushResult>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        flush.OnCompleted(continuation, state, token, flags);

    /// <summary>The other side allows more bytes. Under the gate.</summary>
    /// <exception cref="BusException">The sum is more than the window.</exception>
    internal abstract void AddCredit(uint amount);

    /// <summary>Writes the control frames that this direction has to send. Under the gate.</summary>
    internal abstract void WriteControl(ref FrameWriter writer);

    /// <summary>The other side has stopped reading: unsent bytes are dropped. Under the gate.</summary>
    /// <exception cref="BusException">It had stopped before.</exception>
    internal void StopReader()
    {
        if (readerStopped)
        {
            throw CorruptFrame.Error(FrameType.ReadingStopped, Channel, "state", "was stopped before");
        }

        readerStopped = true;
        Pair.Note(ChannelEventKind.PeerStoppedReading);
        Blocks.Discard();
        NoteReaderStopped();
        TryEndFlush(isCanceled: false);
        Send();
    }

    /// <summary>Ends the direction without sending the remaining bytes. Under the gate.</summary>
    internal void Fail(BusException failure)
    {
        if (EndSent || this.failure is not null)
        {
            return;
        }

        this.failure = failure;
        Blocks.Discard();
        NoteFailure();
        outputCompletion.TrySetException(failure);
        if (flushWaiting)
        {
            flushWaiting = false;
            flush.SetException(failure);
        }
    }

    /// <summary>
    /// Sends flushed bytes, as far as possible now, and the end mark when it is due; or makes another thread send them. Under the gate.
    /// </summary>
    private protected abstract void Send();

    /// <summary>The other side reads no more bytes. Under the gate.</summary>
    private protected abstract void NoteReaderStopped();

    /// <summary>The direction has failed. Under the gate.</summary>
    private protected virtual void NoteFailure()
    {
    }

    /// <summary>The end mark was passed to the link. Under the gate.</summary>
    private protected void NoteEndSent()
    {
        EndSent = true;
        Pair.Note(ChannelEventKind.SendingEnded);
        outputCompletion.TrySetResult();
        Pair.EndFinished();
    }

    /// <summary>Bytes were sent: a flush that waits for that may be over. Under the gate.</summary>
    private protected void NoteSent()
    {
        if (Blocks.Unsent <= sendBuffer)
        {
            TryEndFlush(isCanceled: false);
        }
    }

    /// <summary>Passes the caller's bytes on. Under the gate.</summary>
    private void Flush()
    {
        Blocks.Flush();
        if (!Blocks.IsDiscarded)
        {
            Send();
        }
    }

    private bool TryEndFlush(bool isCanceled)
    {
        if (!flushWaiting)
        {
            return false;
        }

        flushWaiting = false;
        flush.SetResult(new FlushResult(isCanceled, isCompleted: readerStopped));
        return true;
    }

    private void FailFlush(Exception exception)
    {
        lock (gate)
        {
            if (flushWaiting)
            {
                flushWaiting = false;
                flush.SetException(exception);
            }
        }
    }
}

using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using VpcComApi.VpcBus.Protocol;

namespace VpcComApi.VpcBus.Channels;

/// <summary>
/// The receiving end of a bus channel, as its caller sees it: a buffer that the channel's transport fills and the caller reads. Derived
/// classes implement how the bytes travel and how the sender learns what the caller has consumed.
/// </summary>
/// <remarks>
/// The bytes are in a <see cref="Pipe"/> that only the transport writes to and completes, because the transport may be reading from the
/// link straight into the pipe's memory at any moment. A failure therefore does not complete the pipe: it wakes the caller's read, which
/// checks for a failure first.
/// </remarks>
internal abstract class ChannelReader : PipeReader
{
    /// <summary>Bytes in one block of the receive buffer.</summary>
    private const int BlockSize = 64 * 1024;

    private readonly Lock gate;
    private readonly Pipe pipe = new(new PipeOptions(
        pauseWriterThreshold: 0, resumeWriterThreshold: 0, minimumSegmentSize: BlockSize, useSynchronizationContext: false));

    private ReadOnlySequence<byte> current;
    private bool receiving;
    private bool stopPending;
    private volatile BusException? failure;

    /// <summary>Makes the end of an open channel.</summary>
    /// <param name="bus">The bus.</param>
    /// <param name="pair">The pair to which the channel belongs.</param>
    /// <param name="channel">The channel's number.</param>
    private protected ChannelReader(BusConnection bus, BusChannelPair pair, uint channel)
    {
        Bus = bus;
        Pair = pair;
        Channel = channel;
        gate = bus.Gate;
    }

    /// <summary>Bytes received from the transport. Guarded by the gate.</summary>
    internal abstract long BytesReceived { get; }

    /// <summary>How often the unread bytes filled the window. Guarded by the gate.</summary>
    internal abstract long Stalls { get; }

    /// <summary>Bytes that the other side may still send before the caller reads on. Guarded by the gate.</summary>
    internal abstract long FreeWindow { get; }

    /// <summary>Bytes that the caller has not read. Guarded by the gate.</summary>
    internal abstract long WaitingBytes { get; }

    /// <summary>Whether unread bytes fill the window. Guarded by the gate.</summary>
    internal bool IsStalled => FreeWindow == 0 && !WantsNoMore;

    /// <summary>Whether the sender's end mark has arrived. Guarded by the gate.</summary>
    internal bool EndReceived { get; private set; }

    /// <summary>The buffer for arriving bytes; with frames, between <see cref="BeginFrame"/> and <see cref="FinishFrame"/>.</summary>
    internal PipeWriter Buffer => pipe.Writer;

    /// <summary>The bus.</summary>
    private protected BusConnection Bus { get; }

    /// <summary>The pair to which the channel belongs.</summary>
    private protected BusChannelPair Pair { get; }

    /// <summary>The channel's number.</summary>
    private protected uint Channel { get; }

    /// <summary>Whether the caller has completed the reader. Guarded by the gate.</summary>
    private protected bool IsCompleted { get; private set; }

    /// <summary>Whether no more bytes are added to the buffer. Guarded by the gate.</summary>
    private protected bool IsBufferCompleted { get; private set; }

    /// <summary>Whether the channel has failed.</summary>
    private protected bool HasFailed => failure is not null;

    /// <summary>Whether bytes that still arrive are not needed. Guarded by the gate.</summary>
    private protected bool WantsNoMore => EndReceived || IsCompleted || HasFailed;

    /// <inheritdoc/>
    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (this.failure is { } failure)
        {
            return ValueTask.FromException<ReadResult>(failure);
        }

        ValueTask<ReadResult> read = pipe.Reader.ReadAsync(cancellationToken);
#pragma warning disable VSTHRD103 // It has completed: nothing is waited for.
        return read.IsCompletedSuccessfully ? new ValueTask<ReadResult>(Remember(read.Result)) : AwaitReadAsync(read);
#pragma warning restore VSTHRD103
    }

    /// <inheritdoc/>
    public override bool TryRead(out ReadResult result)
    {
        if (this.failure is { } failure)
        {
            throw failure;
        }

        if (!pipe.Reader.TryRead(out result))
        {
            return false;
        }

        result = Remember(result);
        return true;
    }

    /// <inheritdoc/>
    public sealed override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    /// <inheritdoc/>
    public sealed override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        int length = (int)current.Slice(current.Start, consumed).Length;
        current = default;
        pipe.Reader.AdvanceTo(consumed, examined);
        if (length > 0)
        {
            GiveBack(length);
        }
    }

    /// <inheritdoc/>
    public override void CancelPendingRead() => pipe.Reader.CancelPendingRead();

    /// <summary>
    /// Ends the reading. Before the end of the bytes, ReadingStopped is sent to the other side; with an exception, the pair is reset.
    /// </summary>
    public override void Complete(Exception? exception = null)
    {
        lock (gate)
        {
            if (IsCompleted)
            {
                return;
            }

            bool peerMustStop = !WantsNoMore;
            IsCompleted = true;
            current = default;
            StopReceiving();
            if (peerMustStop && exception is null)
            {
                stopPending = true;
                Bus.QueueControl(Pair);
            }
        }

        // Ends a read for which another thread still waits.
        pipe.Reader.CancelPendingRead();
        pipe.Reader.Complete();
        if (exception is not null)
        {
            Pair.Abort(exception as BusException ?? new BusException(BusError.ChannelReset, exception.Message, exception));
        }

        Bus.WakeWriter();
    }

    /// <summary>A data frame begins. Under the gate.</summary>
    /// <returns>Whether its bytes are needed; otherwise they are to be skipped.</returns>
    /// <exception cref="BusException">The frame is empty, larger than the credit, comes after the end, or is for a channel whose bytes do
    /// not travel in frames.</exception>
    internal abstract bool BeginFrame(uint length);

    /// <summary>All bytes of the frame are in the buffer, or the link ended within it. Under the gate.</summary>
    internal void FinishFrame()
    {
        receiving = false;
        CompleteBufferIfOver();
    }

    /// <summary>The sender has sent its last byte. Under the gate.</summary>
    /// <exception cref="BusException">The end was already received.</exception>
    internal void ReceiveEnd(ref PayloadReader payload)
    {
        if (EndReceived)
        {
            throw CorruptFrame.Error(FrameType.End, Channel, "state", "was ended before");
        }

        ReadEnd(ref payload);
        EndReceived = true;
        Pair.Note(ChannelEventKind.ReceivingEnded);
        FinishReceiving();
        Pair.EndFinished();
    }

    /// <summary>No end mark will arrive. Under the gate.</summary>
    internal void Fail(BusException failure)
    {
        if (EndReceived || HasFailed)
        {
            return;
        }

        this.failure = failure;
        stopPending = false;
        StopReceiving();
        CompleteBufferIfOver();
        pipe.Reader.CancelPendingRead();
    }

    /// <summary>Writes the pending frames of this direction. Under the gate.</summary>
    internal virtual void WriteControl(ref FrameWriter writer)
    {
        if (!stopPending)
        {
            return;
        }

        stopPending = false;
        if (!EndReceived)
        {
            Pair.Note(ChannelEventKind.ReadingStopped);
            writer.Write(FrameType.ReadingStopped, Channel);
        }
    }

    /// <summary>The caller has consumed bytes: the sender may send as many more. Without the gate.</summary>
    private protected abstract void GiveBack(int length);

    /// <summary>Reads the fields of the end mark. Under the gate.</summary>
    /// <exception cref="BusException">A field has an impossible value.</exception>
    private protected virtual void ReadEnd(ref PayloadReader payload)
    {
    }

    /// <summary>The end mark has arrived: completes the buffer once the last byte is in it. Under the gate.</summary>
    private protected virtual void FinishReceiving() => CompleteBufferIfOver();

    /// <summary>No more bytes are needed. Under the gate.</summary>
    private protected virtual void StopReceiving()
    {
    }

    /// <summary>Bytes will be added to the buffer, until <see cref="FinishFrame"/>. Under the gate.</summary>
    private protected void BeginReceiving() => receiving = true;

    /// <summary>Ends the filling of the buffer. Under the gate, and not while bytes are being added.</summary>
    private protected void CompleteBuffer()
    {
        IsBufferCompleted = true;
        pipe.Writer.Complete();
    }

    private void CompleteBufferIfOver()
    {
        if (!receiving && !IsBufferCompleted && (EndReceived || HasFailed))
        {
            CompleteBuffer();
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadResult> AwaitReadAsync(ValueTask<ReadResult> read) => Remember(await read);

    private ReadResult Remember(ReadResult result)
    {
        if (this.failure is { } failure)
        {
            // The failure happened during the read; the bytes stay in the pipe and are released with it.
            pipe.Reader.AdvanceTo(result.Buffer.Start);
            throw failure;
        }

        current = result.Buffer;
        return result;
    }
}

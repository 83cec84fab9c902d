using System.Diagnostics;
using VpcComApi.VpcBus.Framed;
using VpcComApi.VpcBus.Protocol;

namespace VpcComApi.VpcBus;

/// <content>The write loop: pending control frames first, then the channels in turn.</content>
public sealed partial class BusConnection : IControlSource
{
    /// <summary>Small frames travel together in a buffer of this size.</summary>
    private const int BatchSize = 16 * 1024;

    /// <summary>A frame up to this size is copied into the batch; a larger one is written from its own buffer.</summary>
    private const int LargestBatchedFrame = 2048;

    /// <summary>Rounds that the write loop runs on the thread that woke it, before it continues on a thread of its own.</summary>
    private const int RoundsOnBorrowedThread = 32;

    /// <summary>
    /// Bytes that are written so soon after the last frame belong to a stream, because no answer of the other side can have arrived in
    /// between. Then the loop runs on a thread of its own and sends together what its callers write meanwhile. For a single message a
    /// change of threads would only be a delay.
    /// </summary>
    private static readonly long StreamingGap = Stopwatch.Frequency / 50_000;

    /// <summary>How long a failing bus tries to send the reason to the other side.</summary>
    private static readonly TimeSpan GoodbyeLimit = TimeSpan.FromSeconds(1);

    private readonly Queue<IControlSource> pendingSources = new();
    private readonly Queue<FramedChannelWriter> ready = new();
    private readonly WriteSignal wake = new();
    private readonly int maxPayload;
    private bool writerIdle;
    private long writerIdleSince;
    private bool stopWriting;
    private bool pongPending;
    private uint pongId;
    private bool pingPending;
    private uint lastPing;
    private bool goodbyePending;
    private bool goodbyeSent;
    private uint goodbyeCause;
    private byte[] goodbyeReason = [];

    bool IControlSource.IsQueued { get; set; }

    void IControlSource.WriteControl(ref FrameWriter writer)
    {
        if (pongPending)
        {
            pongPending = false;
            writer.Write(FrameType.Pong, pongId);
        }

        if (pingPending)
        {
            pingPending = false;
            writer.Write(FrameType.Ping, ++lastPing);
        }
    }

    /// <summary>
    /// Asks the other side to confirm that it has processed every frame that was written until now. Under the gate;
    /// <see cref="WakeWriter"/> must follow outside of it.
    /// </summary>
    /// <returns>The Ping whose Pong, or a later one's, confirms it.</returns>
    internal uint AskForConfirmation()
    {
        pingPending = true;
        QueueControl(this);
        return lastPing + 1;
    }

    /// <summary>
    /// Notes that a source has control frames to send. Under the gate; <see cref="WakeWriter"/> must follow outside of it.
    /// </summary>
    internal void QueueControl(IControlSource source)
    {
        if (!source.IsQueued)
        {
            source.IsQueued = true;
            pendingSources.Enqueue(source);
        }
    }

    /// <summary>
    /// Notes that a channel may have something to send. Under the gate; <see cref="WakeWriter"/> must follow outside of it.
    /// </summary>
    internal void MarkReady(FramedChannelWriter channel)
    {
        if (!channel.IsReady && channel.HasFrame)
        {
            channel.IsReady = true;
            ready.Enqueue(channel);
        }
    }

    /// <summary>
    /// Starts the write loop if it is idle and has work. Outside the gate: the loop may run on the caller's thread for a while.
    /// </summary>
    internal void WakeWriter()
    {
        bool isStreaming;
        lock (Gate)
        {
            if (!writerIdle || (pendingSources.Count == 0 && ready.Count == 0 && !goodbyePending && !stopWriting))
            {
                return;
            }

            writerIdle = false;
            isStreaming = ready.Count > 0 && Stopwatch.GetTimestamp() - writerIdleSince < StreamingGap;
        }

        wake.Set(onOwnThread: isStreaming);
    }

    /// <summary>Makes a goodbye the write loop's last frame. Under the gate.</summary>
    private void RequestGoodbye(BusException? failure, string reason)
    {
        if (!goodbyePending && !goodbyeSent)
        {
            goodbyePending = true;
            goodbyeCause = failure is null ? 0 : (uint)failure.Error;
            goodbyeReason = BusText.Encode(reason, BusOptions.MaxReasonLength);
        }
    }

    private void StopWriting()
    {
        lock (Gate)
        {
            stopWriting = true;
        }

        WakeWriter();
    }

    /// <summary>Writes frames until the goodbye is out or the link fails.</summary>
    private async Task WriteAsync()
    {
        // The loop starts on a thread of its own; later it runs wherever it is woken.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        byte[] batch = GC.AllocateUninitializedArray<byte>(BatchSize);
        FramedChannelWriter? bulkSource = null;
        try
        {
            for (int round = 1; ; round++)
            {
                int batched;
                ReadOnlyMemory<byte> bulk;
                bool idle;
                lock (Gate)
                {
                    if (stopWriting || goodbyeSent)
                    {
                        return;
                    }

                    (batched, bulk, bulkSource) = Collect(batch);
                    idle = batched == 0 && bulk.IsEmpty;
                    if (idle)
                    {
                        wake.Reset();
                        writerIdle = true;
                        writerIdleSince = Stopwatch.GetTimestamp();
                    }
                }

                if (idle)
                {
                    await wake.WaitAsync();
                    round = 0;
                    continue;
                }

                if (round % RoundsOnBorrowedThread == 0)
                {
                    await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
                }

                if (batched > 0)
                {
                    await link.WriteAsync(batch.AsMemory(0, batched), abandonWriting.Token);
                }

                if (bulkSource is not null)
                {
                    await link.WriteAsync(bulk, abandonWriting.Token);
                    lock (Gate)
                    {
                        FinishFrame(bulkSource, bulk.Length - BusProtocol.HeaderLength);
                        bulkSource = null;
                    }
                }
            }
        }
        catch (Exception failure)
        {
            EndWriting(new BusException(BusError.LinkLost, $"The link could not be written: {failure.Message}", failure), bulkSource);
        }
    }

    /// <summary>
    /// Collects the next frames: all pending control frames, then one frame of each ready channel in turn until one is too large for the
    /// batch; that one is written after the batch. Under the gate.
    /// </summary>
    private (int Batched, ReadOnlyMemory<byte> Bulk, FramedChannelWriter? BulkSource) Collect(byte[] batch)
    {
        FrameWriter writer = new(batch);
        while (writer.HasRoom && pendingSources.TryDequeue(out IControlSource? source))
        {
            source.IsQueued = false;
            source.WriteControl(ref writer);
        }

        if (pendingSources.Count > 0)
        {
            return (writer.Written, default, null);
        }

        if (goodbyePending)
        {
            if (writer.HasRoom)
            {
                writer.Write(FrameType.Goodbye, 0, goodbyeCause, goodbyeReason);
                goodbyePending = false;
                goodbyeSent = true;
            }

            return (writer.Written, default, null);
        }

        while (writer.Room > LargestBatchedFrame && ready.TryDequeue(out FramedChannelWriter? channel))
        {
            channel.IsReady = false;
            if (!channel.HasFrame)
            {
                continue;
            }

            ReadOnlyMemory<byte> frame = channel.TakeFrame(maxPayload);
            if (frame.IsEmpty)
            {
                channel.WriteEnd(ref writer);
            }
            else if (frame.Length > LargestBatchedFrame)
            {
                return (writer.Written, frame, channel);
            }
            else
            {
                writer.Append(frame.Span);
                FinishFrame(channel, frame.Length - BusProtocol.HeaderLength);
            }
        }

        return (writer.Written, default, null);
    }

    private void FinishFrame(FramedChannelWriter channel, int payload)
    {
        channel.FrameSent(payload);
        MarkReady(channel);
    }

    /// <summary>Nothing can be written to the link any more. What the other side sent before is still read, for a limited time.</summary>
    private void EndWriting(BusException failure, FramedChannelWriter? bulkSource)
    {
        lock (Gate)
        {
            stopWriting = true;
            bulkSource?.FrameSent(0);
            foreach (BusChannelPair pair in pairs.Values)
            {
                pair.Writer.Fail(failure);
            }
        }

        StopReadingLater(failure);
    }
}

using System.Diagnostics;
using VpcComApi.VpcBus.Framed;
using VpcComApi.VpcBus.Protocol;

namespace VpcComApi.VpcBus;

/// <content>The write loop: what is owed first, then the channels in turn.</content>
public sealed partial class BusConnection : IControlSource
{
    /// <summary>Small frames travel together in a buffer of this size.</summary>
    private const int BatchSize = 16 * 1024;

    /// <summary>A frame up to this size is copied into the batch; a larger one is written from where it lies.</summary>
    private const int LargestBatchedFrame = 2048;

    /// <summary>Rounds that the write loop runs on a thread that it was woken on, before it moves to one of its own.</summary>
    private const int RoundsOnBorrowedThread = 32;

    /// <summary>
    /// Bytes that come so soon after the last frame are a stream's: no answer of the other side lies between. Then the loop runs on a
    /// thread of its own, and what its callers write meanwhile goes out together; for a message a change of threads would only be a delay.
    /// </summary>
    private static readonly long StreamingGap = Stopwatch.Frequency / 50_000;

    /// <summary>How long a failing bus tries to tell the other side why.</summary>
    private static readonly TimeSpan LastWordsLimit = TimeSpan.FromSeconds(1);

    private readonly Queue<IControlSource> owing = new();
    private readonly Queue<FramedChannelWriter> ready = new();
    private readonly WriteSignal wake = new();
    private readonly int maxPayload;
    private bool writerIdle;
    private long writerIdleSince;
    private bool stopWriting;
    private bool pongOwed;
    private uint pongId;
    private bool pingOwed;
    private uint lastPing;
    private bool goodbyeOwed;
    private bool goodbyeSent;
    private uint goodbyeCause;
    private byte[] goodbyeReason = [];

    bool IControlSource.IsQueued { get; set; }

    void IControlSource.WriteControl(ref FrameWriter writer)
    {
        if (pongOwed)
        {
            pongOwed = false;
            writer.Write(FrameType.Pong, pongId);
        }

        if (pingOwed)
        {
            pingOwed = false;
            writer.Write(FrameType.Ping, ++lastPing);
        }
    }

    /// <summary>
    /// Asks the other side to confirm that it has taken in every frame that was written until now. Under the gate; <see cref="WakeWriter"/>
    /// must follow outside of it.
    /// </summary>
    /// <returns>The Ping whose Pong, or a later one's, confirms it.</returns>
    internal uint AskForConfirmation()
    {
        pingOwed = true;
        Owe(this);
        return lastPing + 1;
    }

    /// <summary>
    /// Notes that a source has control frames to send. Under the gate; <see cref="WakeWriter"/> must follow outside of it.
    /// </summary>
    internal void Owe(IControlSource source)
    {
        if (!source.IsQueued)
        {
            source.IsQueued = true;
            owing.Enqueue(source);
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
    /// Sets the write loop going if it is idle and has work. Outside the gate: it may run on the caller's thread for a while.
    /// </summary>
    internal void WakeWriter()
    {
        bool isStreaming;
        lock (Gate)
        {
            if (!writerIdle || (owing.Count == 0 && ready.Count == 0 && !goodbyeOwed && !stopWriting))
            {
                return;
            }

            writerIdle = false;
            isStreaming = ready.Count > 0 && Stopwatch.GetTimestamp() - writerIdleSince < StreamingGap;
        }

        wake.Set(onOwnThread: isStreaming);
    }

    /// <summary>Ends the write loop's frames with a goodbye. Under the gate.</summary>
    private void OweGoodbye(BusException? failure, string reason)
    {
        if (!goodbyeOwed && !goodbyeSent)
        {
            goodbyeOwed = true;
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
    /// Gathers the next frames: all that is owed, then one frame of each ready channel in turn until one is too large for the batch; that
    /// one goes out behind the batch. Under the gate.
    /// </summary>
    private (int Batched, ReadOnlyMemory<byte> Bulk, FramedChannelWriter? BulkSource) Collect(byte[] batch)
    {
        FrameWriter writer = new(batch);
        while (writer.HasRoom && owing.TryDequeue(out IControlSource? source))
        {
            source.IsQueued = false;
            source.WriteControl(ref writer);
        }

        if (owing.Count > 0)
        {
            return (writer.Written, default, null);
        }

        if (goodbyeOwed)
        {
            if (writer.HasRoom)
            {
                writer.Write(FrameType.Goodbye, 0, goodbyeCause, goodbyeReason);
                goodbyeOwed = false;
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

    /// <summary>The link takes nothing more. What the other side sent before is still read, for a while.</summary>
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

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

    private readonly Queue<IControlSource> _owing = new();
    private readonly Queue<FramedChannelWriter> _ready = new();
    private readonly WriteSignal _wake = new();
    private readonly int _maxPayload;
    private bool _writerIdle;
    private long _writerIdleSince;
    private bool _stopWriting;
    private bool _pongOwed;
    private uint _pongId;
    private bool _pingOwed;
    private uint _lastPing;
    private bool _goodbyeOwed;
    private bool _goodbyeSent;
    private uint _goodbyeCause;
    private byte[] _goodbyeReason = [];

    bool IControlSource.IsQueued { get; set; }

    void IControlSource.WriteControl(ref FrameWriter writer)
    {
        if (_pongOwed)
        {
            _pongOwed = false;
            writer.Write(FrameType.Pong, _pongId);
        }

        if (_pingOwed)
        {
            _pingOwed = false;
            writer.Write(FrameType.Ping, ++_lastPing);
        }
    }

    /// <summary>
    /// Asks the other side to confirm that it has taken in every frame that was written until now. Under the gate; <see cref="WakeWriter"/>
    /// must follow outside of it.
    /// </summary>
    /// <returns>The Ping whose Pong, or a later one's, confirms it.</returns>
    internal uint AskForConfirmation()
    {
        _pingOwed = true;
        Owe(this);
        return _lastPing + 1;
    }

    /// <summary>
    /// Notes that a source has control frames to send. Under the gate; <see cref="WakeWriter"/> must follow outside of it.
    /// </summary>
    internal void Owe(IControlSource source)
    {
        if (!source.IsQueued)
        {
            source.IsQueued = true;
            _owing.Enqueue(source);
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
            _ready.Enqueue(channel);
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
            if (!_writerIdle || (_owing.Count == 0 && _ready.Count == 0 && !_goodbyeOwed && !_stopWriting))
            {
                return;
            }

            _writerIdle = false;
            isStreaming = _ready.Count > 0 && Stopwatch.GetTimestamp() - _writerIdleSince < StreamingGap;
        }

        _wake.Set(onOwnThread: isStreaming);
    }

    /// <summary>Ends the write loop's frames with a goodbye. Under the gate.</summary>
    private void OweGoodbye(BusException? failure, string reason)
    {
        if (!_goodbyeOwed && !_goodbyeSent)
        {
            _goodbyeOwed = true;
            _goodbyeCause = failure is null ? 0 : (uint)failure.Error;
            _goodbyeReason = BusText.Encode(reason, BusOptions.MaxReasonLength);
        }
    }

    private void StopWriting()
    {
        lock (Gate)
        {
            _stopWriting = true;
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
                    if (_stopWriting || _goodbyeSent)
                    {
                        return;
                    }

                    (batched, bulk, bulkSource) = Collect(batch);
                    idle = batched == 0 && bulk.IsEmpty;
                    if (idle)
                    {
                        _wake.Reset();
                        _writerIdle = true;
                        _writerIdleSince = Stopwatch.GetTimestamp();
                    }
                }

                if (idle)
                {
                    await _wake.WaitAsync();
                    round = 0;
                    continue;
                }

                if (round % RoundsOnBorrowedThread == 0)
                {
                    await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
                }

                if (batched > 0)
                {
                    await _link.WriteAsync(batch.AsMemory(0, batched), _abandonWriting.Token);
                }

                if (bulkSource is not null)
                {
                    await _link.WriteAsync(bulk, _abandonWriting.Token);
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
        var writer = new FrameWriter(batch);
        while (writer.HasRoom && _owing.TryDequeue(out IControlSource? source))
        {
            source.IsQueued = false;
            source.WriteControl(ref writer);
        }

        if (_owing.Count > 0)
        {
            return (writer.Written, default, null);
        }

        if (_goodbyeOwed)
        {
            if (writer.HasRoom)
            {
                writer.Write(FrameType.Goodbye, 0, _goodbyeCause, _goodbyeReason);
                _goodbyeOwed = false;
                _goodbyeSent = true;
            }

            return (writer.Written, default, null);
        }

        while (writer.Room > LargestBatchedFrame && _ready.TryDequeue(out FramedChannelWriter? channel))
        {
            channel.IsReady = false;
            if (!channel.HasFrame)
            {
                continue;
            }

            ReadOnlyMemory<byte> frame = channel.TakeFrame(_maxPayload);
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
            _stopWriting = true;
            bulkSource?.FrameSent(0);
            foreach (BusChannelPair pair in _pairs.Values)
            {
                pair.Writer.Fail(failure);
            }
        }

        StopReadingLater(failure);
    }
}

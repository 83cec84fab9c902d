using System.Buffers.Binary;

namespace VpcComApi.VirtualMachines.Qemu.Networks;

/// <summary>
/// The frames that wait for one receiver, bounded. Each sender has its own share of the room, and the senders are served in turn: a sender
/// that sends more than the receiver reads loses only its own frames. One reader; any thread may add.
/// </summary>
internal sealed class FrameQueue
{
    /// <summary>The room of all senders together in bytes, where each frame counts with <see cref="CostOfFrame"/> more.</summary>
    public const int Room = 1024 * 1024;

    /// <summary>The room that a frame takes in addition to its bytes.</summary>
    public const int CostOfFrame = 64;

    /// <summary>Bytes before each frame on the connection to QEMU: its length, big-endian.</summary>
    public const int PrefixLength = sizeof(uint);

    private readonly Lock gate = new();
    private readonly Dictionary<object, Sender> senders = [];

    /// <summary>The senders with waiting frames; the first one is next.</summary>
    private readonly Queue<Sender> turns = new();

    /// <summary>Completes when a frame is added to an empty queue.</summary>
    private TaskCompletionSource filled = NewSignal();

    /// <summary>Adds a frame, if its sender has room left.</summary>
    /// <param name="sender">Its sender.</param>
    /// <param name="frame">The frame, which must not be changed any more.</param>
    /// <param name="senderCount">How many senders share the room.</param>
    /// <returns>False when the frame is dropped.</returns>
    public bool TryAdd(object sender, byte[] frame, int senderCount)
    {
        int cost = frame.Length + CostOfFrame;
        lock (gate)
        {
            if (!senders.TryGetValue(sender, out Sender? own))
            {
                own = new Sender(sender);
            }

            // The first frame of a sender is always accepted, so that large frames are possible even with many senders.
            if (own.Frames.Count > 0 && own.Cost + cost > Room / senderCount)
            {
                return false;
            }

            own.Frames.Enqueue(frame);
            own.Cost += cost;
            if (own.Frames.Count == 1)
            {
                senders.Add(sender, own);
                turns.Enqueue(own);
                filled.TrySetResult();
            }

            return true;
        }
    }

    /// <summary>Waits for frames and copies as many as fit, each after its length.</summary>
    /// <param name="target">A buffer with room for at least the longest frame.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How many bytes were copied, and how many of them belong to frames.</returns>
    public async ValueTask<(int Length, int FrameBytes)> TakeAsync(Memory<byte> target, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (Take(target.Span, out Task wait) is { Length: > 0 } taken)
            {
                return taken;
            }

            await wait.WaitAsync(cancellationToken);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private (int Length, int FrameBytes) Take(Span<byte> target, out Task wait)
    {
        int length = 0;
        int frameBytes = 0;
        lock (gate)
        {
            while (turns.TryPeek(out Sender? next) && target.Length - length >= PrefixLength + next.Frames.Peek().Length)
            {
                turns.Dequeue();
                byte[] frame = next.Frames.Dequeue();
                next.Cost -= frame.Length + CostOfFrame;
                if (next.Frames.Count > 0)
                {
                    turns.Enqueue(next);
                }
                else
                {
                    senders.Remove(next.Key);
                }

                BinaryPrimitives.WriteUInt32BigEndian(target[length..], (uint)frame.Length);
                frame.CopyTo(target[(length + PrefixLength)..]);
                length += PrefixLength + frame.Length;
                frameBytes += frame.Length;
            }

            if (turns.Count == 0 && filled.Task.IsCompleted)
            {
                filled = NewSignal();
            }

            wait = filled.Task;
        }

        return (length, frameBytes);
    }

    /// <summary>The frames of one sender.</summary>
    private sealed class Sender(object key)
    {
        public object Key { get; } = key;

        public Queue<byte[]> Frames { get; } = new();

        public int Cost { get; set; }
    }
}

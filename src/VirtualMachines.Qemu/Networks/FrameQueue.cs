using System.Buffers.Binary;

namespace VpcComApi.VirtualMachines.Qemu.Networks;

/// <summary>
/// The frames that wait for one receiver, bounded. Each sender has a part of the room to itself, and they are taken in turns: whoever sends
/// more than the receiver reads loses frames of its own and nobody else's. One taker; any thread may add.
/// </summary>
internal sealed class FrameQueue
{
    /// <summary>Bytes of room for all senders together, frames with <see cref="CostOfFrame"/> each.</summary>
    public const int Room = 1024 * 1024;

    /// <summary>What a frame takes of the room beside its bytes.</summary>
    public const int CostOfFrame = 64;

    /// <summary>Bytes in front of each frame on the wire to QEMU: its length, big-endian.</summary>
    public const int PrefixLength = sizeof(uint);

    private readonly Lock gate = new();
    private readonly Dictionary<object, Sender> senders = [];

    /// <summary>The senders that have frames here, the next one's turn first.</summary>
    private readonly Queue<Sender> turns = new();

    /// <summary>Completes when the first frame comes into an empty queue.</summary>
    private TaskCompletionSource filled = NewSignal();

    /// <summary>Adds a frame, if its sender has room left.</summary>
    /// <param name="sender">Who sends it.</param>
    /// <param name="frame">The frame; nobody changes it any more.</param>
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

            // The first frame of a sender always fits, so that a crowd does not keep large frames out.
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

    /// <summary>Waits for frames and lays out as many as fit, each behind its length.</summary>
    /// <param name="target">Has room for the longest frame at least.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How many bytes were laid out, and how many of them are frames.</returns>
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

    /// <summary>What one sender has here.</summary>
    private sealed class Sender(object key)
    {
        public object Key { get; } = key;

        public Queue<byte[]> Frames { get; } = new();

        public int Cost { get; set; }
    }
}

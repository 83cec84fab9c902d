namespace VpcComApi.VpcBus.Tests.Links;

/// <summary>One direction of a <see cref="LossyPort"/>: a bounded queue of bytes that outlives connections.</summary>
internal sealed class LossyWire
{
    private const int Capacity = 64 * 1024;
    private const int HistoryCapacity = 100 * 1024;

    private readonly Lock gate = new();
    private byte[] queued = [];
    private byte[] history = [];
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends with the next change of the queue.</summary>
    public Task Changed
    {
        get
        {
            lock (gate)
            {
                return changed.Task;
            }
        }
    }

    /// <summary>Queues as many bytes as there is room for, and returns how many.</summary>
    public int Put(ReadOnlySpan<byte> bytes)
    {
        lock (gate)
        {
            int length = Math.Clamp(Capacity - queued.Length, 0, bytes.Length);
            if (length > 0)
            {
                Change([.. queued, .. bytes[..length]]);
            }

            return length;
        }
    }

    /// <summary>Takes what is queued, and returns how many bytes.</summary>
    public int Take(Span<byte> target)
    {
        lock (gate)
        {
            int length = Math.Min(target.Length, queued.Length);
            if (length > 0)
            {
                queued.AsSpan(0, length).CopyTo(target);
                byte[] history = [.. this.history, .. queued.AsSpan(0, length)];
                this.history = history.Length > HistoryCapacity ? history[^HistoryCapacity..] : history;
                Change(queued[length..]);
            }

            return length;
        }
    }

    public void Clear()
    {
        lock (gate)
        {
            Change([]);
        }
    }

    public void LoseSome(Random random)
    {
        lock (gate)
        {
            int from = random.Next(queued.Length + 1);
            int to = random.Next(from, queued.Length + 1);
            Change([.. queued.AsSpan(0, from), .. queued.AsSpan(to)]);
        }
    }

    public void ReplaySome(Random random)
    {
        lock (gate)
        {
            Change([.. history.AsSpan(random.Next(history.Length + 1)), .. queued]);
        }
    }

    private void Change(byte[] queued)
    {
        this.queued = queued;
        changed.TrySetResult();
        changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

namespace VpcComApi.VpcBus.Tests.Links;

/// <summary>One direction of a <see cref="LossyPort"/>: a bounded queue of bytes that outlives connections.</summary>
internal sealed class LossyWire
{
    private const int Capacity = 64 * 1024;
    private const int HistoryCapacity = 100 * 1024;

    private readonly Lock _gate = new();
    private byte[] _queued = [];
    private byte[] _history = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends with the next change of the queue.</summary>
    public Task Changed
    {
        get
        {
            lock (_gate)
            {
                return _changed.Task;
            }
        }
    }

    /// <summary>Queues as many bytes as there is room for, and returns how many.</summary>
    public int Put(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            int length = Math.Clamp(Capacity - _queued.Length, 0, bytes.Length);
            if (length > 0)
            {
                Change([.. _queued, .. bytes[..length]]);
            }

            return length;
        }
    }

    /// <summary>Takes what is queued, and returns how many bytes.</summary>
    public int Take(Span<byte> target)
    {
        lock (_gate)
        {
            int length = Math.Min(target.Length, _queued.Length);
            if (length > 0)
            {
                _queued.AsSpan(0, length).CopyTo(target);
                byte[] history = [.. _history, .. _queued.AsSpan(0, length)];
                _history = history.Length > HistoryCapacity ? history[^HistoryCapacity..] : history;
                Change(_queued[length..]);
            }

            return length;
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            Change([]);
        }
    }

    public void LoseSome(Random random)
    {
        lock (_gate)
        {
            int from = random.Next(_queued.Length + 1);
            int to = random.Next(from, _queued.Length + 1);
            Change([.. _queued.AsSpan(0, from), .. _queued.AsSpan(to)]);
        }
    }

    public void ReplaySome(Random random)
    {
        lock (_gate)
        {
            Change([.. _history.AsSpan(random.Next(_history.Length + 1)), .. _queued]);
        }
    }

    private void Change(byte[] queued)
    {
        _queued = queued;
        _changed.TrySetResult();
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

namespace VpcComApi.VpcBus.Linux;

/// <summary>
/// Decides which task gets the next turn. Each task gets its fair share, in bursts, and a task that needs less than its share does not wait
/// for tasks that could use more.
/// </summary>
/// <remarks>
/// <para>This is fair queueing by start times. Each task has a round number, which increases by one with each burst that the task has used;
/// the lowest round is served first. A task that was idle returns with a round of at most one less than that of the others, so idle time
/// cannot be saved up.</para>
/// <para>Within a round a task that has begun its burst is served before those that wait to begin one, also when it had nothing to do in
/// between. So of many busy tasks only few are active at a time, and each does much in a short time: its bytes, and those of the programs
/// at both its ends, are still in the processor's caches at the next step. Serving all tasks alternately, a small amount each, moved a
/// quarter less with 200 channels.</para>
/// <para>Not thread-safe.</para>
/// </remarks>
internal sealed class TurnQueue
{
    /// <summary>How much a task may use before others get their turn. Many busy channels get equal shares over some bursts each.</summary>
    public const int Burst = 512 * 1024;

    /// <summary>
    /// The minimum cost of a turn and of a move within it, because moves of few or no bytes take time too. A guest chooses the size of its
    /// pieces: if only bytes counted, one turn could have a quarter of a million system calls.
    /// </summary>
    public const int LeastCost = 4096;

    private readonly PriorityQueue<LoopTask, (long Round, long Order)> waiting = new();
    private long round;
    private long order;

    /// <summary>Tasks that wait for a turn.</summary>
    public int Count => waiting.Count;

    /// <summary>Adds a task that has something to do. It must not be in the queue.</summary>
    public void Add(LoopTask task)
    {
        if (task.Round < round - 1)
        {
            task.Round = round - 1;
            task.Used = 0;
        }

        waiting.Enqueue(task, ((task.Round * 2) + (task.Used == 0 ? 1 : 0), order++));
    }

    /// <summary>Removes and returns the task that is next.</summary>
    /// <returns>Null when the queue is empty.</returns>
    public LoopTask? Take()
    {
        if (!waiting.TryDequeue(out LoopTask? task, out _))
        {
            return null;
        }

        round = Math.Max(round, task.Round);
        return task;
    }

    /// <summary>Adds the cost of a turn to its task's burst.</summary>
    /// <returns>The cost that was added.</returns>
    public static long Charge(LoopTask task, long cost)
    {
        long charged = Math.Max(cost, LeastCost);
        task.Used += charged;
        if (task.Used >= Burst)
        {
            task.Used = 0;
            task.Round++;
        }

        return charged;
    }
}

namespace VpcComApi.VpcBus.Linux;

/// <summary>
/// Decides whose turn is next: each task gets its fair share, in bursts, and whoever needs less than its share does not wait behind those
/// who could use more.
/// </summary>
/// <remarks>
/// <para>This is fair queueing by start times. Each task has a round, which goes up by one with each burst that the task has used; the
/// lowest round is served first. One that was idle meanwhile comes back one round ahead of the others and no more, so nobody saves
/// up.</para>
/// <para>Within a round a task that has begun its burst goes before those that wait to begin theirs, also when it had nothing to do in
/// between. So while many are busy, few of them are under way at a time, and each does much in a short while: its bytes, and those of the
/// programs at both its ends, are still in the processor's caches at the next step. Serving all in turn a piece at a time moved a quarter
/// less with 200 channels.</para>
/// <para>Not thread-safe.</para>
/// </remarks>
internal sealed class TurnQueue
{
    /// <summary>What a task may use before others get their turn. Many busy channels are equal over some bursts each.</summary>
    public const int Burst = 512 * 1024;

    /// <summary>
    /// What a turn, or a move within it, costs at least: one for nothing takes time too. A guest decides how small its pieces are; by bytes
    /// alone it could make one turn of a quarter of a million system calls.
    /// </summary>
    public const int LeastCost = 4096;

    private readonly PriorityQueue<LoopTask, (long Round, long Order)> waiting = new();
    private long round;
    private long order;

    /// <summary>Tasks that wait for a turn.</summary>
    public int Count => waiting.Count;

    /// <summary>A task has something to do. It must not stand in the queue.</summary>
    public void Add(LoopTask task)
    {
        if (task.Round < round - 1)
        {
            task.Round = round - 1;
            task.Used = 0;
        }

        waiting.Enqueue(task, ((task.Round * 2) + (task.Used == 0 ? 1 : 0), order++));
    }

    /// <summary>Takes whose turn it is.</summary>
    /// <returns>Null when nobody waits.</returns>
    public LoopTask? Take()
    {
        if (!waiting.TryDequeue(out LoopTask? task, out _))
        {
            return null;
        }

        round = Math.Max(round, task.Round);
        return task;
    }

    /// <summary>Counts a turn towards its task's burst.</summary>
    /// <returns>What it counts for.</returns>
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

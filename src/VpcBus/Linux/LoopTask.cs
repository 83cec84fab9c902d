namespace VpcComApi.VpcBus.Linux;

/// <summary>Work of the <see cref="EventLoop"/>. It runs on the loop's thread, a bounded amount at a time, and never waits.</summary>
internal abstract class LoopTask
{
    /// <summary>1 while the task is in the loop's queue. Used by the loop only.</summary>
    internal int IsQueued;

    /// <summary>The round of bursts in which the task is. Used by the queue only.</summary>
    internal long Round = long.MinValue;

    /// <summary>How much of its burst the task has used. Used by the queue only.</summary>
    internal long Used;

    /// <summary>Does a bounded amount of the work.</summary>
    /// <param name="budget">The most bytes to move in each direction.</param>
    internal abstract Turn Run(int budget);

    /// <summary>Records the epoll events of the descriptor of this task. <see cref="Run"/> is called next.</summary>
    internal virtual void NoteEvents(uint events)
    {
    }

    /// <summary><see cref="Run"/> has thrown: ends only the object for which this task works.</summary>
    internal abstract void Fail(Exception failure);
}

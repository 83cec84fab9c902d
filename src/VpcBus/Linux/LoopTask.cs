namespace VpcComApi.VpcBus.Linux;

/// <summary>Work of the <see cref="EventLoop"/>. It runs on the loop's thread, a bounded piece at a time, and never waits.</summary>
internal abstract class LoopTask
{
    /// <summary>1 while the task stands in the loop's queue. The loop's own.</summary>
    internal int IsQueued;

    /// <summary>In which round of the bursts the task is. The queue's own.</summary>
    internal long Round = long.MinValue;

    /// <summary>What the task has used of its burst. The queue's own.</summary>
    internal long Used;

    /// <summary>Does a bounded piece of what there is to do.</summary>
    /// <param name="budget">Bytes to move at most, each way.</param>
    internal abstract Turn Run(int budget);

    /// <summary>What epoll says about the descriptor of this task. <see cref="Run"/> follows.</summary>
    internal virtual void NoteEvents(uint events)
    {
    }

    /// <summary><see cref="Run"/> threw: ends what this task works for, and nothing else.</summary>
    internal abstract void Fail(Exception failure);
}

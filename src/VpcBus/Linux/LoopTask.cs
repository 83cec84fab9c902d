namespace VpcComApi.VpcBus.Linux;

/// <summary>Work of the <see cref="EventLoop"/>. It runs on the loop's thread, a bounded piece at a time, and never waits.</summary>
internal abstract class LoopTask
{
    /// <summary>1 while the task stands in the loop's queue. The loop's own.</summary>
    internal int IsQueued;

    /// <summary>Whether it moves messages of this process, which are few and awaited, and not the bulk of others.</summary>
    internal virtual bool CarriesMessages => false;

    /// <summary>Does a bounded piece of what there is to do.</summary>
    /// <param name="budget">Bytes to move at most, each way.</param>
    /// <returns>Whether the piece ended before the work did; the task then gets another turn behind the others.</returns>
    internal abstract bool Run(int budget);

    /// <summary>What epoll says about the descriptor of this task. <see cref="Run"/> follows.</summary>
    internal virtual void NoteEvents(uint events)
    {
    }

    /// <summary><see cref="Run"/> threw: ends what this task works for, and nothing else.</summary>
    internal abstract void Fail(Exception failure);
}

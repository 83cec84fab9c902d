namespace VpcComApi.VpcBus.Linux;

/// <summary>Signals that another process sets in shared memory. It makes a system call for a signal only while the loop sleeps.</summary>
internal interface ILoopDoorbell
{
    /// <summary>Adds the signalled tasks to the loop's queue.</summary>
    /// <returns>Whether there were any; signals without a task do not count.</returns>
    bool TakeSignals();

    /// <summary>Announces to the other process that this one is about to sleep.</summary>
    /// <returns>False when there are signals by now; then the loop must not sleep.</returns>
    bool BeginSleep();

    /// <summary>Announces that this process does not sleep any more.</summary>
    void EndSleep();

    /// <summary>Milliseconds after which the loop is to check again even without a wake-up; -1 for never.</summary>
    int LongestSleep { get; }

    /// <summary>Called about once a second, while <see cref="NeedsTick"/>.</summary>
    void Tick();

    /// <summary>Whether there is something to do later, without a signal.</summary>
    bool NeedsTick { get; }
}

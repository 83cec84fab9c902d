namespace VpcComApi.VpcBus.Linux;

/// <summary>Signals that another process leaves in shared memory. It makes a system call for one only while the loop sleeps.</summary>
internal interface ILoopDoorbell
{
    /// <summary>Puts the tasks that were signalled into the loop's queue.</summary>
    /// <returns>Whether there were any; signals for nobody do not count.</returns>
    bool TakeSignals();

    /// <summary>Tells the other process that this one is about to sleep.</summary>
    /// <returns>False when signals are there by now; then it must not.</returns>
    bool BeginSleep();

    /// <summary>This process is awake again.</summary>
    void EndSleep();

    /// <summary>Milliseconds after which the loop is to look again though nobody wakes it; -1 for never.</summary>
    int LongestSleep { get; }

    /// <summary>Called about once a second, while <see cref="NeedsTick"/>.</summary>
    void Tick();

    /// <summary>Whether there is something to do in a while without any signal.</summary>
    bool NeedsTick { get; }
}

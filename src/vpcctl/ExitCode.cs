namespace VpcComApi.CommandLine;

/// <summary>What the program answers to a script. The numbers are documented in docs/vpcctl.md and do not change.</summary>
internal enum ExitCode
{
    /// <summary>Done.</summary>
    Done = 0,

    /// <summary>Refused, or failed.</summary>
    Failed = 1,

    /// <summary>The command line is wrong.</summary>
    Usage = 2,

    /// <summary>There is no machine of that name.</summary>
    NoSuchMachine = 3,

    /// <summary>It took too long. What was begun may still go on.</summary>
    TimedOut = 4,

    /// <summary>The process that hosts the machines cannot be started, does not answer or is of another version.</summary>
    HostUnavailable = 5,

    /// <summary>
    /// The machine that <c>up</c> watched has ended, and not because <c>up</c> was asked to end it; or one has ended while <c>start</c> or
    /// <c>up</c> waited for its guest.
    /// </summary>
    MachineEnded = 6,

    /// <summary>
    /// The machine was paused while <c>start</c> or <c>up</c> waited for its guest, so that the guest does not come up: its host's disk is
    /// full, or somebody paused it.
    /// </summary>
    MachinePaused = 7,

    /// <summary>Interrupted by Ctrl-C or a signal before it was done.</summary>
    Interrupted = 130,

    /// <summary>Nobody reads standard output any more: what a shell shows for a program that SIGPIPE ended.</summary>
    OutputClosed = 141,
}

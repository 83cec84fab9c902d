namespace VpcComApi.VirtualMachines.Tasks;

/// <summary>How a task ended. The numbers are those of the contract's VMTaskResult.</summary>
public enum MachineTaskResult
{
    /// <summary>Done.</summary>
    Success = 0,

    /// <summary>Cancelled.</summary>
    Cancelled = 1,

    /// <summary>Something nobody foresaw.</summary>
    UnexpectedError = 2,

    /// <summary>Out of memory.</summary>
    OutOfMemory = 3,

    /// <summary>A disk could not be written or read.</summary>
    DiskRelatedError = 4,

    /// <summary>The saved state does not fit.</summary>
    IncompatibleSavedState = 5,

    /// <summary>Timed out.</summary>
    TimedOut = 6,

    /// <summary>A bad preference value was met.</summary>
    IllegalValue = 7,

    /// <summary>A worker crashed.</summary>
    ThreadCrash = 8,

    /// <summary>The shutdown that was asked for was aborted.</summary>
    ShutdownAborted = 9,
}

namespace VpcComApi.VirtualMachines;

/// <summary>
/// What can be done about a refusal. The text of a refusal says it in plain words; each front end adds how it is done there.
/// </summary>
public enum RemedyAction
{
    /// <summary>Throw away the saved state of the machine that is the subject.</summary>
    DiscardSavedState,

    /// <summary>Start the machine that is the subject, and accept that a parent of its disks has changed.</summary>
    AcceptChangedParent,

    /// <summary>Set whether undo disks of the machine that is the subject are thrown away, kept or merged.</summary>
    ChangeUndoAction,

    /// <summary>Register the machine whose .vmc file is the subject.</summary>
    RegisterMachine,

    /// <summary>Wait until the guest service of the machine that is the subject is up.</summary>
    WaitForGuest,

    /// <summary>Type keys on the machine that is the subject, in place of a text.</summary>
    TypeKeySequence,

    /// <summary>Write into the differencing disk that is the subject where its parent is.</summary>
    SetParent,

    /// <summary>Write the content of the disk that is the subject, with the disks below it, into a new disk.</summary>
    CopyToNewDisk,

    /// <summary>Take the blocks of zeros out of the dynamic disk that is the subject.</summary>
    CompactDisk,

    /// <summary>Correct the values in the file of the machine that is the subject.</summary>
    CorrectConfiguration,

    /// <summary>Forget the machine that is the subject, and leave its files.</summary>
    ForgetMachine,
}

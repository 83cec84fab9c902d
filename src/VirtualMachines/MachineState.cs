namespace VpcComApi.VirtualMachines;

/// <summary>The states of a virtual machine. The numbers are those of the contract's VMVMState.</summary>
public enum MachineState
{
    /// <summary>Not a state of an existing machine.</summary>
    Invalid = 0,

    /// <summary>Off, nothing saved.</summary>
    TurnedOff = 1,

    /// <summary>Off, with saved guest state.</summary>
    Saved = 2,

    /// <summary>Powering up.</summary>
    TurningOn = 3,

    /// <summary>Reloading saved state.</summary>
    Restoring = 4,

    /// <summary>Running, not paused.</summary>
    Running = 5,

    /// <summary>Running but paused.</summary>
    Paused = 6,

    /// <summary>Writing saved state.</summary>
    Saving = 7,

    /// <summary>Powering down.</summary>
    TurningOff = 8,

    /// <summary>Merging undo drives.</summary>
    MergingDrives = 9,

    /// <summary>Being deleted.</summary>
    DeleteMachine = 10,
}

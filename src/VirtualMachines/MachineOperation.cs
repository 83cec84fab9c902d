namespace VpcComApi.VirtualMachines;

/// <summary>What a caller may want of a machine, grouped as the state table of the contract groups it.</summary>
internal enum MachineOperation
{
    /// <summary>Startup, Startup2.</summary>
    Startup,

    /// <summary>Save.</summary>
    Save,

    /// <summary>TurnOff.</summary>
    TurnOff,

    /// <summary>Reset.</summary>
    Reset,

    /// <summary>Pause.</summary>
    Pause,

    /// <summary>Resume.</summary>
    Resume,

    /// <summary>DiscardSavedState.</summary>
    DiscardSavedState,

    /// <summary>Reading SavedStateFilePath.</summary>
    ReadSavedStateFile,

    /// <summary>MergeUndoDisks.</summary>
    MergeUndoDisks,

    /// <summary>DiscardUndoDisks.</summary>
    DiscardUndoDisks,

    /// <summary>DeleteVirtualMachine.</summary>
    Delete,

    /// <summary>UnregisterVirtualMachine.</summary>
    Unregister,

    /// <summary>Setting Name, Memory or Undoable.</summary>
    ChangeLockedSetting,

    /// <summary>Setting BIOSGUID or one of the four serial and asset texts.</summary>
    ChangeFirmwareIdentity,

    /// <summary>Adding or removing a disk, a drive or a network card.</summary>
    ChangeHardware,

    /// <summary>Setting Notes, UndoAction or ShutdownActionOnQuit, and writing configuration values.</summary>
    ChangeFreeSetting,

    /// <summary>Reading or writing activation values.</summary>
    UseActivationValues,

    /// <summary>StartCommunicationChannel, RdpPipeName, display, keyboard, mouse, USB devices.</summary>
    UseRunningDevices,

    /// <summary>The display's SetDimensions, which the guest carries out.</summary>
    ResizeDisplay,

    /// <summary>Reading the guest's facts and its heartbeat.</summary>
    ReadGuest,

    /// <summary>The guest's Shutdown, Restart, Logoff.</summary>
    ControlGuest,

    /// <summary>The guest's GetParameter, SetParameter, IsUserLoggedOn.</summary>
    AskGuest,
}

using System.Collections.Frozen;
using static VpcComApi.VirtualMachines.VirtualMachineError;

namespace VpcComApi.VirtualMachines;

/// <summary>
/// What is legal when: the one table of operations and states. The columns TurnedOff to Paused are the contract's. For the states that
/// pass, where the contract is silent, one rule holds: such a machine counts as running for whoever needs it off, and as not running for
/// whoever needs it running.
/// </summary>
internal static class StateRules
{
    private static readonly FrozenDictionary<MachineOperation, Row> Table = new Dictionary<MachineOperation, Row>
    {
        [MachineOperation.Startup] = new(null, null, MachineRunning, MachineRunning, MachineRunning),
        [MachineOperation.Save] = new(MachineNotRunning, MachineNotRunning, null, null, MachineNotRunning),
        [MachineOperation.TurnOff] = new(MachineNotRunning, MachineNotRunning, null, null, MachineNotRunning),
        [MachineOperation.Reset] = new(MachineNotRunning, MachineNotRunning, null, null, MachineNotRunning),
        [MachineOperation.Pause] = new(MachineNotRunning, MachineNotRunning, null, NotPossibleNow, MachineNotRunning),
        [MachineOperation.Resume] = new(MachineNotRunning, MachineNotRunning, NotPossibleNow, null, MachineNotRunning),
        [MachineOperation.DiscardSavedState] = new(NoSavedState, null, MachineRunning, MachineRunning, MachineRunning),
        [MachineOperation.ReadSavedStateFile] = new(NoSavedState, null, NoSavedState, NoSavedState, NoSavedState),
        [MachineOperation.MergeUndoDisks] = new(null, null, MachineRunning, MachineRunning, MachineRunning),
        [MachineOperation.DiscardUndoDisks] =
            new(null, MachineRunningOrSaved, MachineRunningOrSaved, MachineRunningOrSaved, MachineRunningOrSaved),
        [MachineOperation.Delete] = new(null, null, MachineRunning, MachineRunning, MachineRunning),
        [MachineOperation.Unregister] = new(null, null, MachineRunning, MachineRunning, MachineRunning),
        [MachineOperation.ChangeLockedSetting] =
            new(null, SettingLockedWhileActive, SettingLockedWhileActive, SettingLockedWhileActive, SettingLockedWhileActive),
        [MachineOperation.ChangeFirmwareIdentity] =
            new(null, MachineRunningOrSaved, MachineRunningOrSaved, MachineRunningOrSaved, MachineRunningOrSaved),
        [MachineOperation.ChangeHardware] =
            new(null, MachineRunningOrSaved, MachineRunningOrSaved, MachineRunningOrSaved, MachineRunningOrSaved),
        [MachineOperation.ChangeFreeSetting] = new(null, null, null, null, null),
        [MachineOperation.UseActivationValues] = new(ValueNotFound, ValueNotFound, null, null, ValueNotFound),
        [MachineOperation.UseRunningDevices] = new(MachineNotRunning, MachineNotRunning, null, null, MachineNotRunning),

        // A paused guest cannot change its display, and TIMED_OUT is the one code that the contract has for a guest that does not answer.
        [MachineOperation.ResizeDisplay] = new(MachineNotRunning, MachineNotRunning, null, TimedOut, MachineNotRunning),
        [MachineOperation.ReadGuest] = new(MachineNotRunning, MachineNotRunning, null, null, MachineNotRunning),

        // The contract leaves a paused guest's shutdown open; a stopped processor cannot hear, so it is refused like the questions below.
        [MachineOperation.ControlGuest] = new(MachineNotRunning, MachineNotRunning, null, MachinePaused, MachineNotRunning),
        [MachineOperation.AskGuest] = new(MachineNotRunning, MachineNotRunning, null, MachinePaused, MachineNotRunning),
    }.ToFrozenDictionary();

    /// <summary>Answers why an operation is refused in a state.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="state">The machine's state.</param>
    /// <returns>Null when it is allowed.</returns>
    public static VirtualMachineError? Refusal(MachineOperation operation, MachineState state)
    {
        Row row = Table[operation];
        return state switch
        {
            MachineState.TurnedOff => row.TurnedOff,
            MachineState.Saved => row.Saved,
            MachineState.Running => row.Running,
            MachineState.Paused => row.Paused,
            MachineState.TurningOn or MachineState.Restoring or MachineState.Saving or MachineState.TurningOff
                or MachineState.MergingDrives =>
                row.Passing,
            _ => MachineUnknown,
        };
    }

    /// <summary>Throws when an operation is not allowed in a state.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="state">The machine's state.</param>
    /// <param name="machineName">For the text.</param>
    /// <exception cref="VirtualMachineException">The refusal by the table.</exception>
    public static void Demand(MachineOperation operation, MachineState state, string machineName)
    {
        if (Refusal(operation, state) is { } error)
        {
            throw new VirtualMachineException(
                error, $"{Describe(operation)} is refused: the machine '{machineName}' is {Describe(state)}. {Advice(error, state)}")
            {
                Remedy = state == MachineState.Saved
                    && NeedsMachineOff(error) ? new Remedy(RemedyAction.DiscardSavedState, machineName) : null,
            };
        }
    }

    private static string Describe(MachineOperation operation) => operation switch
    {
        MachineOperation.ChangeLockedSetting => "Changing the name, the memory or the undo setting",
        MachineOperation.ChangeFirmwareIdentity => "Changing the BIOS id, a serial number or the asset tag",
        MachineOperation.ChangeHardware => "Changing the hardware",
        MachineOperation.ChangeFreeSetting => "Changing the configuration",
        MachineOperation.ReadSavedStateFile => "Reading the saved state's path",
        MachineOperation.UseActivationValues => "Using activation values",
        MachineOperation.UseRunningDevices => "Using a device or a communication channel",
        MachineOperation.ResizeDisplay => "Changing the size of the display",
        MachineOperation.ReadGuest => "Reading what the guest says of itself",
        MachineOperation.ControlGuest => "Shutting down, restarting or logging off the guest",
        MachineOperation.AskGuest => "Asking the guest",
        _ => operation.ToString(),
    };

    private static string Describe(MachineState state) => state switch
    {
        MachineState.TurnedOff => "turned off",
        MachineState.Saved => "saved",
        MachineState.TurningOn => "turning on",
        MachineState.Restoring => "being restored",
        MachineState.Running => "running",
        MachineState.Paused => "paused",
        MachineState.Saving => "being saved",
        MachineState.TurningOff => "turning off",
        MachineState.MergingDrives => "merging drives",
        _ => "no longer there",
    };

    private static bool NeedsMachineOff(VirtualMachineError error) => error is MachineRunningOrSaved or SettingLockedWhileActive;

    private static string Advice(VirtualMachineError error, MachineState state) => error switch
    {
        _ when NeedsMachineOff(error) && state == MachineState.Saved => "Start it and turn it off, or discard its saved state first.",
        MachineNotRunning or ValueNotFound => "Start it first.",
        MachineRunning => "Turn it off or save it first.",
        MachineRunningOrSaved or SettingLockedWhileActive => "Turn it off first.",
        MachinePaused or TimedOut => "Resume it first.",
        NoSavedState => "Only a saved machine has a saved state.",
        _ => "Read its state first.",
    };

    /// <summary>The refusals of one operation by state; null allows it.</summary>
    private sealed record Row(
        VirtualMachineError? TurnedOff,
        VirtualMachineError? Saved,
        VirtualMachineError? Running,
        VirtualMachineError? Paused,
        VirtualMachineError? Passing);
}

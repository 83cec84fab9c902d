using static VpcComApi.VirtualMachines.MachineOperation;

namespace VpcComApi.VirtualMachines.Tests.Machines;

/// <summary>Walks every cell of the contract's table of operations and states.</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
internal sealed class StateRulesTests
{
    private const string Columns = "operation | TurnedOff | Saved | Running | Paused";

    /// <summary>
    /// The table "What is legal when" of the contract, row by row, copied from it. The row of the Accountant is missing: its answer is
    /// S_FALSE, a success. ControlGuest and ResizeDisplay on a paused machine are cells that the contract leaves open; ReadGuest stands for
    /// the guest's facts, whose refusals the contract names member by member.
    /// </summary>
    private static readonly (MachineOperation Operation, string Cells)[] Contract =
    [
        (Startup, "ok | ok | VM_RUNNING | VM_RUNNING"),
        (Save, "OFF | OFF | ok | ok"),
        (TurnOff, "OFF | OFF | ok | ok"),
        (Reset, "OFF | OFF | ok | ok"),
        (Pause, "OFF | OFF | ok | E_FAIL"),
        (Resume, "OFF | OFF | E_FAIL | ok"),
        (DiscardSavedState, "VM_NO_SAVED_STATE | ok | VM_RUNNING | VM_RUNNING"),
        (ReadSavedStateFile, "VM_NO_SAVED_STATE | ok | VM_NO_SAVED_STATE | VM_NO_SAVED_STATE"),
        (MergeUndoDisks, "ok | ok | VM_RUNNING | VM_RUNNING"),
        (DiscardUndoDisks, "ok | VM_RUNNING_OR_SAVED | VM_RUNNING_OR_SAVED | VM_RUNNING_OR_SAVED"),
        (Delete, "ok | ok | VM_RUNNING | VM_RUNNING"),
        (Unregister, "ok | ok | VM_RUNNING | VM_RUNNING"),
        (ChangeLockedSetting, "ok | PREF_VM_ACTIVE | PREF_VM_ACTIVE | PREF_VM_ACTIVE"),
        (ChangeFirmwareIdentity, "ok | VM_RUNNING_OR_SAVED | VM_RUNNING_OR_SAVED | VM_RUNNING_OR_SAVED"),
        (ChangeHardware, "ok | VM_RUNNING_OR_SAVED | VM_RUNNING_OR_SAVED | VM_RUNNING_OR_SAVED"),
        (ChangeFreeSetting, "ok | ok | ok | ok"),
        (UseActivationValues, "PREF_NOT_FOUND | PREF_NOT_FOUND | ok | ok"),
        (UseRunningDevices, "OFF | OFF | ok | ok"),
        (ResizeDisplay, "OFF | OFF | ok | TIMED_OUT"),
        (ReadGuest, "OFF | OFF | ok | ok"),
        (ControlGuest, "OFF | OFF | ok | VM_PAUSED"),
        (AskGuest, "OFF | OFF | ok | VM_PAUSED"),
    ];

    private static IEnumerable<TestCaseData> Cells()
    {
        MachineState[] states = [.. Columns.Split(" | ").Skip(1).Select(Enum.Parse<MachineState>)];
        foreach ((MachineOperation operation, string cells) in Contract)
        {
            string[] words = cells.Split(" | ");
            Assert.That(words, Has.Length.EqualTo(states.Length), operation.ToString());
            for (int i = 0; i < states.Length; i++)
            {
                yield return new TestCaseData(operation, states[i], words[i]);
            }
        }
    }

    [TestCaseSource(nameof(Cells))]
    public void A_cell_answers_as_the_contract_has_it(MachineOperation operation, MachineState state, string cell)
    {
        VirtualMachineError? expected = cell switch
        {
            "ok" => null,
            "OFF" => VirtualMachineError.MachineNotRunning,
            "E_FAIL" => VirtualMachineError.NotPossibleNow,
            "VM_RUNNING" => VirtualMachineError.MachineRunning,
            "VM_RUNNING_OR_SAVED" => VirtualMachineError.MachineRunningOrSaved,
            "VM_NO_SAVED_STATE" => VirtualMachineError.NoSavedState,
            "PREF_VM_ACTIVE" => VirtualMachineError.SettingLockedWhileActive,
            "PREF_NOT_FOUND" => VirtualMachineError.ValueNotFound,
            "TIMED_OUT" => VirtualMachineError.TimedOut,
            "VM_PAUSED" => VirtualMachineError.MachinePaused,
            _ => throw new ArgumentException($"The test does not know '{cell}'.", nameof(cell)),
        };

        Assert.That(StateRules.Refusal(operation, state), Is.EqualTo(expected));
        if (expected is { } error)
        {
            Assert.That(() => StateRules.Demand(operation, state, "M"), Refusals.With(error));
        }
        else
        {
            Assert.That(() => StateRules.Demand(operation, state, "M"), Throws.Nothing);
        }
    }

    [Test]
    public void Every_operation_has_its_row() =>
        Assert.That(Contract.Select(row => row.Operation), Is.EquivalentTo(Enum.GetValues<MachineOperation>()));

    [Test]
    public void A_passing_state_is_neither_off_nor_running(
 [Values(
            MachineState.TurningOn,
            MachineState.Restoring,
            MachineState.Saving,
            MachineState.TurningOff,
            MachineState.MergingDrives)]
        MachineState state,
        [Values] MachineOperation operation)
    {
        VirtualMachineError? refusal = StateRules.Refusal(operation, state);

        if (operation == ChangeFreeSetting)
        {
            Assert.That(refusal, Is.Null);
            return;
        }

        // What needs the machine off is refused as by a running one; what needs it running, as by one that is off.
        MachineState refusing = StateRules.Refusal(operation, MachineState.TurnedOff) is null || operation == DiscardSavedState
            ? MachineState.Running
            : MachineState.TurnedOff;
        Assert.That(refusal, Is.EqualTo(StateRules.Refusal(operation, refusing)).And.Not.Null);
    }

    [Test]
    public void A_deleted_machine_knows_nothing_any_more([Values] MachineOperation operation) =>
        Assert.That(StateRules.Refusal(operation, MachineState.DeleteMachine), Is.EqualTo(VirtualMachineError.MachineUnknown));
}

using VpcComApi.TestSupport;

namespace VpcComApi.VirtualMachines.Tests.Machines;

/// <summary>Compares the table of operations and states in docs/machines.md with the code.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class StatePageTests
{
    /// <summary>The columns. The last one is for all transitional states.</summary>
    private static readonly MachineState[] Columns =
        [MachineState.TurnedOff, MachineState.Saved, MachineState.Running, MachineState.Paused, MachineState.TurningOn];

    /// <summary>The operations of each row, in the order of the page.</summary>
    private static readonly MachineOperation[][] Rows =
    [
        [MachineOperation.Startup],
        [MachineOperation.Save, MachineOperation.TurnOff, MachineOperation.Reset],
        [MachineOperation.Pause],
        [MachineOperation.Resume],
        [MachineOperation.DiscardSavedState],
        [MachineOperation.ReadSavedStateFile],
        [MachineOperation.MergeUndoDisks, MachineOperation.Delete, MachineOperation.Unregister],
        [MachineOperation.DiscardUndoDisks, MachineOperation.ChangeFirmwareIdentity, MachineOperation.ChangeHardware],
        [MachineOperation.ChangeLockedSetting],
        [MachineOperation.ChangeFreeSetting],
        [MachineOperation.UseActivationValues],
        [MachineOperation.UseRunningDevices, MachineOperation.ReadGuest],
        [MachineOperation.ResizeDisplay],
        [MachineOperation.ControlGuest, MachineOperation.AskGuest],
    ];

    private static readonly Dictionary<VirtualMachineError, string> Codes = new()
    {
        [VirtualMachineError.MachineNotRunning] = "VM_NOT_RUNNING",
        [VirtualMachineError.MachineRunning] = "VM_RUNNING",
        [VirtualMachineError.MachineRunningOrSaved] = "VM_RUNNING_OR_SAVED",
        [VirtualMachineError.MachinePaused] = "VM_PAUSED",
        [VirtualMachineError.NoSavedState] = "VM_NO_SAVED_STATE",
        [VirtualMachineError.SettingLockedWhileActive] = "PREF_VM_ACTIVE",
        [VirtualMachineError.ValueNotFound] = "PREF_NOT_FOUND",
        [VirtualMachineError.TimedOut] = "TIMED_OUT",
        [VirtualMachineError.NotPossibleNow] = "E_FAIL",
    };

    [Test]
    public void Every_operation_is_in_one_row() =>
        Assert.That(Rows.SelectMany(row => row), Is.EquivalentTo(Enum.GetValues<MachineOperation>()));

    [Test]
    public void The_page_has_the_refusals_of_the_rules()
    {
        string[][] documented =
        [
            .. File.ReadLines(Path.Combine(RepositoryPaths.Root, "docs", "machines.md"))
                .SkipWhile(line => line != "| operation | TurnedOff | Saved | Running | Paused | transitional |")
                .Skip(2)
                .TakeWhile(line => line.Length > 0)
                .Select(line => line.Split('|')[2..^1].Select(cell => cell.Trim()).ToArray()),
        ];

        Assert.That(documented, Has.Length.EqualTo(Rows.Length));
        Assert.Multiple(() =>
        {
            foreach ((MachineOperation[] operations, string[] cells) in Rows.Zip(documented))
            {
                foreach (MachineOperation operation in operations)
                {
                    Assert.That(
                        cells, Is.EqualTo(Columns.Select(state => TextOf(StateRules.Refusal(operation, state)))), operation.ToString());
                }
            }
        });
    }

    private static string TextOf(VirtualMachineError? refusal) => refusal is { } error ? Codes[error] : "yes";
}

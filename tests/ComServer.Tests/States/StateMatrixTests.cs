using VpcComApi.ComServer.Adapters;
using VpcComApi.ComServer.Tests.Adapters;
using VpcComApi.Interop;
using VpcComApi.VirtualMachines;

namespace VpcComApi.ComServer.Tests.States;

/// <summary>
/// Every member of every object that belongs to a machine, called in every state, against the one table of the domain. A member that is not
/// named here must not mind the state; a new member is in the test as soon as the contract has it.
/// </summary>
[TestFixture]
[Parallelizable(ParallelScope.Children)]
internal sealed class StateMatrixTests
{
    /// <summary>The row of the table for each member that depends on the state.</summary>
    private static readonly Dictionary<MachineOperation, string> MembersOf = new()
    {
        [MachineOperation.Startup] = "IVMVirtualMachine: Startup Startup2",
        [MachineOperation.Save] = "IVMVirtualMachine: Save",
        [MachineOperation.TurnOff] = "IVMVirtualMachine: TurnOff",
        [MachineOperation.Reset] = "IVMVirtualMachine: Reset",
        [MachineOperation.Pause] = "IVMVirtualMachine: Pause",
        [MachineOperation.Resume] = "IVMVirtualMachine: Resume",
        [MachineOperation.DiscardSavedState] = "IVMVirtualMachine: DiscardSavedState",
        [MachineOperation.ReadSavedStateFile] = "IVMVirtualMachine: get_SavedStateFilePath",
        [MachineOperation.MergeUndoDisks] = "IVMVirtualMachine: MergeUndoDisks",
        [MachineOperation.DiscardUndoDisks] = "IVMVirtualMachine: DiscardUndoDisks",
        [MachineOperation.Delete] = "IVMVirtualPC: DeleteVirtualMachine",
        [MachineOperation.Unregister] = "IVMVirtualPC: UnregisterVirtualMachine",
        [MachineOperation.ChangeLockedSetting] =
            "IVMVirtualMachine: put_Name put_Memory put_Undoable; IVMGuestOS: put_IsHostTimeSyncEnabled",
        [MachineOperation.ChangeFirmwareIdentity] =
            "IVMVirtualMachine: put_BIOSGUID put_BIOSSerialNumber put_BaseBoardSerialNumber put_ChassisSerialNumber put_ChassisAssetTag",
        [MachineOperation.ChangeHardware] =
            "IVMVirtualMachine: AddHardDiskConnection RemoveHardDiskConnection AddDVDROMDrive RemoveDVDROMDrive AddNetworkAdapter "
                + "RemoveNetworkAdapter; " +
            "IVMHardDiskConnection: SetBusLocation; IVMDVDDrive: SetBusLocation",
        [MachineOperation.UseActivationValues] = "IVMVirtualMachine: GetActivationValue SetActivationValue RemoveActivationValue",
        [MachineOperation.UseRunningDevices] =
            "IVMVirtualMachine: StartCommunicationChannel get_RdpPipeName get_Mouse; IVMDisplay: get_Width get_Height get_CanResize "
                + "get_VideoMode; " +
            "IVMMouse: GetButton SetButton Click get_HorizontalPosition put_HorizontalPosition get_VerticalPosition put_VerticalPosition " +
            "put_ScrollWheelPosition put_UsingAbsoluteCoordinates get_UsingAbsoluteCoordinates; " +
            "IVMKeyboard: PressKey ReleaseKey PressAndReleaseKey TypeAsciiText TypeKeySequence; IVMGuestOS: InstallIntegrationComponents",
        [MachineOperation.ResizeDisplay] = "IVMDisplay: SetDimensions",
        [MachineOperation.ReadGuest] =
            "IVMGuestOS: GetOsVersionInfo get_HeartbeatPercentage get_IsHeartbeating get_OSName get_TerminalServicesInitialized " +
            "get_MultipleUserSessionsAllowed get_TerminalServerPort get_OSMajorVersion get_OSMinorVersion get_OSBuildNumber get_OSVersion "
                + "get_OSPlatformId " +
            "get_CSDVersion get_ServicePackMajor get_ServicePackMinor get_SuiteMask get_ProductType get_ComputerName get_ScreenLocked",
        [MachineOperation.ControlGuest] = "IVMGuestOS: Shutdown Restart Logoff",
        [MachineOperation.AskGuest] = "IVMGuestOS: GetParameter SetParameter IsUserLoggedOn",
    };

    /// <summary>
    /// The members whose arguments are objects that the tested host may not have; their state is checked where they are tested.
    /// </summary>
    private static readonly HashSet<string> NeedOtherObjects = ["IVMVirtualMachine.AttachUSBDevice", "IVMVirtualMachine.DetachUSBDevice"];

    /// <summary>Codes that no member answers but for the machine's state.</summary>
    private static readonly int[] StateCodes =
    [
        HResults.VM_E_VM_NOT_RUNNING, HResults.VM_E_VM_RUNNING, HResults.VM_E_VM_RUNNING_OR_SAVED, HResults.VM_E_VM_PAUSED,
        HResults.VM_E_VM_NO_SAVED_STATE, HResults.VM_E_PREF_VM_ACTIVE, HResults.E_FAIL,
    ];

    private static readonly Dictionary<string, MachineOperation> OperationOf = ReadRows();

    private static IEnumerable<VMVMState> States =>
    [
        VMVMState.vmVMState_TurnedOff, VMVMState.vmVMState_Saved, VMVMState.vmVMState_Running, VMVMState.vmVMState_Paused,
        VMVMState.vmVMState_TurningOn, VMVMState.vmVMState_Restoring, VMVMState.vmVMState_Saving, VMVMState.vmVMState_TurningOff,
    ];

    [TestCaseSource(nameof(States))]
    public async Task Every_member_answers_by_the_table(VMVMState state)
    {
        MachineBench bench = await MachineBench.CreateAsync(state);
        List<string> wrong = [];
        int called = 0;
        try
        {
            foreach (ContractMember member in Members())
            {
                object? target = member.InterfaceName == "IVMVirtualPC"
                    ? bench.Application
                    : bench.Objects.GetValueOrDefault(member.InterfaceName);
                if (target is null)
                {
                    continue;
                }

                int result = MemberCall.Invoke(bench, member, target);
                called++;
                Judge(member, state, result, wrong);
                if (!IsAsItWas(bench, state))
                {
                    await bench.DisposeAsync();
                    bench = await MachineBench.CreateAsync(state);
                }
            }
        }
        finally
        {
            await bench.DisposeAsync();
        }

        Assert.That(wrong, Is.Empty, string.Join('\n', wrong));
        Assert.That(called, Is.GreaterThan(100), "the test has found its members");
    }

    [Test]
    public void Every_member_of_the_table_is_one_of_the_contract()
    {
        string[] contract = [.. ContractMembers.All.Select(member => $"{member.InterfaceName}.{member.VtableName}")];

        Assert.That(OperationOf.Keys.Except(contract), Is.Empty);
        Assert.That(
            Enum.GetValues<MachineOperation>().Except(OperationOf.Values), Is.EqualTo(
                [MachineOperation.ChangeFreeSetting]), "what minds no state");
    }

    private static void Judge(ContractMember member, VMVMState state, int result, List<string> wrong)
    {
        string key = $"{member.InterfaceName}.{member.VtableName}";
        VirtualMachineError? refusal = OperationOf.TryGetValue(key, out MachineOperation operation)
            ? StateRules.Refusal(operation, (MachineState)state)
            : null;
        if (refusal is { } error)
        {
            if (result != ErrorTable.HResultOf(error))
            {
                wrong.Add($"{key} in {state}: 0x{result:X8}, and the table says {error} (0x{ErrorTable.HResultOf(error):X8}).");
            }
        }
        else if (StateCodes.Contains(result))
        {
            wrong.Add($"{key} in {state}: 0x{result:X8}, and the table allows it.");
        }
    }

    private static bool IsAsItWas(MachineBench bench, VMVMState state)
    {
        try
        {
            return bench.Machine.get_State() == state && bench.Machine.get_Name() == VirtualMachineHost.FirstMachineName;
        }
        catch (VirtualMachineException)
        {
            // It was deleted or unregistered.
            return false;
        }
    }

    private static IEnumerable<ContractMember> Members() => ContractMembers.All.Where(member =>
        member.Kind != ContractMemberKind.Event
        && CompatibilityTable.Works(member)
        && !NeedOtherObjects.Contains($"{member.InterfaceName}.{member.VtableName}")
        && (member.InterfaceName != "IVMVirtualPC" || OperationOf.ContainsKey($"{member.InterfaceName}.{member.VtableName}")));

    private static Dictionary<string, MachineOperation> ReadRows() => MembersOf
        .SelectMany(
            row => row.Value.Split(';', StringSplitOptions.TrimEntries),
            (row, part) => (row.Key, Parts: part.Split(':', StringSplitOptions.TrimEntries)))
        .SelectMany(part => part.Parts[1].Split(' '), (part, member) => (Key: $"{part.Parts[0]}.{member}", Operation: part.Key))
        .ToDictionary(entry => entry.Key, entry => entry.Operation);
}

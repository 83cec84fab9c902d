using VpcComApi.Interop;
using VpcComApi.TestSupport;

namespace VpcComApi.ComServer.Tests.Adapters;

/// <summary>The table in the docs is the one generated from the code.</summary>
[TestFixture]
internal sealed class CompatibilityTests
{
    /// <summary>Set to 1 to write the page instead of comparing it.</summary>
    private const string WriteVariable = "VPC_WRITE_COMPATIBILITY";

    private static string Page => Path.Combine(RepositoryPaths.Root, "docs", "compatibility.md");

    private static CompatibilityNotes Notes { get; } =
        new(File.ReadLines(Path.Combine(RepositoryPaths.Root, "docs", "compatibility.txt")));

    [Test]
    public void The_page_lists_the_values_of_the_code()
    {
        string truth = CompatibilityTable.Render(Notes).TrimEnd() + "\n";
        if (Environment.GetEnvironmentVariable(WriteVariable) == "1")
        {
            File.WriteAllText(Page, truth);
        }

        Assert.That(
            File.ReadAllText(Page).ReplaceLineEndings("\n"),
            Is.EqualTo(truth),
            $"Run: {WriteVariable}=1 dotnet test tests/ComServer.Tests --filter {nameof(CompatibilityTests)}");
    }

    [Test]
    public void Every_member_and_event_of_the_contract_has_its_note_and_nothing_else_has()
    {
        string[] keys = [.. ContractMembers.All.Select(CompatibilityTable.KeyOf)];

        Assert.That(Notes.Faults, Is.Empty);
        Assert.That(keys.Except(Notes.Keys), Is.Empty, "without a note");
        Assert.That(Notes.Keys.Except(keys), Is.Empty, "not in the contract");
    }

    // What the article, lifecycle scripts and enumeration need.
    [TestCase("IVMVirtualPC", "get_Name get_Version get_UpTime get_VirtualMachines FindVirtualMachine CreateVirtualMachine "
        + "RegisterVirtualMachine")]
    [TestCase("IVMVirtualPC", "UnregisterVirtualMachine DeleteVirtualMachine get_DefaultVMConfigurationPath put_DefaultVMConfigurationPath "
        + "get_Tasks")]
    [TestCase("IVMVirtualPC", "GetConfigurationValue SetConfigurationValue RemoveConfigurationValue")]
    [TestCase("IVMVirtualMachine", "get_Name put_Name get_File get_State get_ConfigID get_Notes put_Notes get_Memory put_Memory "
        + "get_GuestOS")]
    [TestCase("IVMVirtualMachine", "Startup Startup2 Save Pause Resume Reset TurnOff DiscardSavedState get_SavedStateFilePath")]
    [TestCase("IVMVirtualMachine", "get_BIOSGUID put_BIOSGUID get_BIOSSerialNumber put_BIOSSerialNumber get_BaseBoardSerialNumber")]
    [TestCase("IVMVirtualMachine", "put_BaseBoardSerialNumber get_ChassisSerialNumber put_ChassisSerialNumber get_ChassisAssetTag "
        + "put_ChassisAssetTag")]
    [TestCase("IVMVirtualMachine", "GetConfigurationValue SetConfigurationValue RemoveConfigurationValue get_RdpPipeName "
        + "StartCommunicationChannel")]
    [TestCase("IVMGuestOS", "Shutdown get_HeartbeatPercentage get_IsHeartbeating get_OSName get_OSVersion get_ComputerName "
        + "get_CanShutdown")]
    [TestCase("IVMTask", "WaitForCompletion Cancel get_PercentCompleted get_Description get_Result get_IsCancelable get_ID get_IsComplete")]
    [TestCase("IVMTask", "get_Error get_ErrorDescription")]
    [TestCase("IVMVirtualMachineCollection", "get_Count get_Item get__NewEnum")]
    [TestCase("IVMTaskCollection", "get_Count get_Item get__NewEnum")]
    public void What_the_first_clients_need_works(string interfaceName, string members)
    {
        string[] wanted = members.Split(' ');
        IEnumerable<string> working = ContractMembers.All
            .Where(member => member.InterfaceName == interfaceName && CompatibilityTable.Works(member))
            .Select(member => member.VtableName);

        Assert.That(wanted, Is.SubsetOf(working));
    }

    [Test]
    public void Every_fired_event_is_one_of_the_contract()
    {
        foreach (ContractInterface events in ContractInterfaces.All.Where(known => !known.IsDual))
        {
            Assert.That(CompatibilityTable.EventsFiredOf(events.Name), Is.SubsetOf(EventsOf(events.Name)).And.Unique, events.Name);
        }
    }

    [Test]
    public void Every_adapter_serves_an_interface_of_the_contract() =>
        Assert.That(CompatibilityTable.AdaptedInterfaces, Is.SubsetOf(ContractInterfaces.All.Select(known => known.Name)));

    private static IEnumerable<int> EventsOf(string interfaceName) =>
        ContractMembers.All.Where(member => member.InterfaceName == interfaceName).Select(member => member.DispId);
}

using VpcComApi.EndToEnd.Tests.Cpp;

namespace VpcComApi.EndToEnd.Tests.ComServer;

/// <summary>The interfaces that COM and OLE automation require of an object in addition to its own.</summary>
[TestFixture]
internal sealed class InterfaceTests
{
    private static readonly string[] ExpectedFacts =
    [
        "same machine: 1",
        "same application: 1",
        "unknown machine: 00000001 0",
        "pause: a0040206",
        "accountant: 00000000 1",
        "error info: 00000000 00000001",
        "events: 00000000 1",
        "class: 00000000",
        "is VMVirtualMachine: 1",
        "element: 00000000 1 type 9",
        "same as found: 1",
        "index 0: 8002000b",
    ];

    private static IEnumerable<CppArchitecture> Architectures => [CppArchitecture.X64, CppArchitecture.X86];

    [TestCaseSource(nameof(Architectures))]
    public async Task An_early_bound_client_finds_identity_errors_class_and_enumerator(CppArchitecture architecture)
    {
        await using ComClient client = await ComClient.CreateAsync(architecture);

        Assert.That(await client.RunAsync("facts"), Is.EqualTo(ExpectedFacts));
    }

    [Test]
    public async Task A_script_finds_numbers_and_texts_of_errors_default_members_and_each_machine()
    {
        await using ComClient client = await ComClient.CreateAsync(CppArchitecture.X64);

        IReadOnlyList<string> lines = await client.RunScriptAsync("""
            Set application = CreateObject("VirtualPC.Application.1")
            Set machine = application.FindVirtualMachine("Windows XP Mode")
            WScript.Echo "default: " & machine
            WScript.Echo "nothing: " & (application.FindVirtualMachine("nobody") Is Nothing)
            WScript.Echo "same: " & (machine Is application.VirtualMachines(1))
            For Each element In application.VirtualMachines
                WScript.Echo "each: " & element.Name
            Next
            On Error Resume Next
            machine.TurnOff
            WScript.Echo Hex(Err.Number) & " " & Err.Source & " " & (InStr(Err.Description, "Windows XP Mode") > 0)
            Err.Clear
            Set drives = machine.FloppyDrives
            WScript.Echo Hex(Err.Number) & " " & IsObject(drives)
            Err.Clear
            Set element = application.VirtualMachines(2)
            WScript.Echo Hex(Err.Number) & " " & Err.Description
            Err.Clear
            application.UnregisterVirtualMachine Nothing
            WScript.Echo Hex(Err.Number)
            Err.Clear
            Set task = machine.Startup
            task.WaitForCompletion 4000001
            WScript.Echo Hex(Err.Number)
            Err.Clear
            task.WaitForCompletion 60000
            WScript.Echo "task: " & task.IsComplete & " " & task.PercentCompleted & " " & task.Result & " " & task.Error & " " & machine.State
            machine.TurnOff.WaitForCompletion -1
            WScript.Echo "off: " & Hex(Err.Number) & " " & machine.State
            """);

        Assert.That(string.Join('\n', lines), Is.EqualTo("""
            default: Windows XP Mode
            nothing: True
            same: True
            each: Windows XP Mode
            A0040206 VirtualPC.Application True
            0 True
            8002000B VirtualMachines has no element 2: the index goes from 1 to 1.
            80004003
            80070057
            task: True 100 0 0 5
            off: 0 1
            """));
    }
}

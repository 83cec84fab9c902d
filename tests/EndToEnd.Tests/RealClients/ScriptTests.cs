using VpcComApi.TestSupport;

namespace VpcComApi.EndToEnd.Tests.RealClients;

/// <summary>
/// Whole scripts, compared with what they must write. Wine's script host ends silently on an error, so only the output counts.
/// </summary>
[TestFixture]
internal sealed class ScriptTests
{
    [Test]
    public async Task A_script_sees_absent_objects_and_documented_errors_with_a_text()
    {
        ProgramResult result = await RunAsync("errors.vbs");

        AssertOutput(
            result,
            """
            Unknown machine is Nothing: True
            Found without regard to case: Windows XP Mode
            Default member: Windows XP Mode
            Pause while off: 0xA0040206, text: True
            Channel while off: 0xA0040206, text: True
            Endpoints swapped: 0x80070057, text: True
            Port is no number: 0x80004003, text: True
            Index below 1: 0x8002000B, text: True
            Unknown member: 0x1B6, text: True
            """);
    }

    [Test]
    public async Task A_script_enumerates_creates_and_deletes_machines()
    {
        ProgramResult result = await RunAsync("enumerate.vbs");

        AssertOutput(
            result,
            """
            Count: 1
            First: Windows XP Mode
            First by default member: Windows XP Mode
            Machines: [Windows XP Mode]
            Machines: [Second][Windows XP Mode]
            Notes: made by a script
            State: 1
            Machines: [Windows XP Mode]
            """);
    }

    [Test]
    public async Task A_script_makes_connects_compacts_and_merges_disks()
    {
        ProgramResult result = await RunAsync("disks.vbs");

        AssertOutput(
            result,
            """
            Create dynamic: 100 %, result 0
            Create fixed: 100 %, result 0
            Create differencing: 100 %, result 0
            Types: 0 1 2
            Size: 104857600 Decimal, on the host: True
            Free: True
            Base has a parent: False
            Child's parent: base.vhd
            Compact: 100 %, result 0
            Convert: 100 %, result 0
            Merge to: 100 %, result 0
            Merge: 100 %, result 0
            Compact a differencing disk: 0xA004067B, text: True
            Create over a file: 0x800700B7, text: True
            Too small: 0xA0040684, text: True
            Relative path: 0x800700A1, text: True
            Connections: 1 at 0:1
            Connected disk: base.vhd
            Undo disk: VirtualPCUndo_Disks_0_1_, type 2
            Compact a disk in use: 0x80070020, text: True
            Disconnect while running: 0xA004020B, text: True
            Turn off: 100 %, result 0
            Undo disk after the merge: 0x80070002, text: True
            Connections: 0
            Floppy type: 2
            Floppy drive 0: 1 floppy.vfd
            Floppy drive: 0 []
            DVD drive at 1:0: 0
            Release nothing: 0xA0040728, text: True
            No disc image: 0x80070057, text: True
            """);
    }

    private static void AssertOutput(ProgramResult result, string expected) =>
        Assert.That(string.Join('\n', result.OutputLines), Is.EqualTo(expected.ReplaceLineEndings("\n")), result.ToString());

    private static Task<ProgramResult> RunAsync(string script) =>
        RegisteredServer.Windows.RunScriptAsync(Path.Combine(AppContext.BaseDirectory, "Scripts", script));
}

using VpcComApi.TestSupport;

namespace VpcComApi.EndToEnd.Tests.RealClients;

/// <summary>Whole scripts, compared with what they must write. Wine's script host ends silently on an error, so only the output counts.</summary>
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

    private static void AssertOutput(ProgramResult result, string expected) =>
        Assert.That(string.Join('\n', result.OutputLines), Is.EqualTo(expected.ReplaceLineEndings("\n")), result.ToString());

    private static Task<ProgramResult> RunAsync(string script) =>
        RegisteredServer.Windows.RunScriptAsync(Path.Combine(AppContext.BaseDirectory, "Scripts", script));
}

using System.Text.Json;
using VpcComApi.TestSupport;

namespace VpcComApi.CommandLine.Tests.EndToEnd;

/// <summary>Files that are not as they should be, through the program: each is told of, and no other machine is hidden.</summary>
[Platform("Linux")]
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class OddMachineTests : IAsyncDisposable
{
    private readonly VpcctlEnvironment vpcctl = new();

    public ValueTask DisposeAsync() => vpcctl.DisposeAsync();

    [Test]
    public async Task The_list_has_all_that_can_be_used_and_says_what_cannot_and_the_others_start()
    {
        await vpcctl.DoAsync("list");
        string list = Path.Combine(vpcctl.DataFolder, "Registrations.txt");
        await File.AppendAllLinesAsync(
            list, [Write("No memory", ""), Write("Negative", Memory("-128")), Write("Hex", Memory("0x80")), Write("Empty", Memory("")), "\0\0", "garbage"]);
        string pipe = Path.Combine(vpcctl.DataFolder, "Pipe.vmc");
        await RunningProgram.RunAsync("mkfifo", [pipe]);
        await File.AppendAllLinesAsync(list, [pipe]);

        using JsonDocument told = JsonDocument.Parse((await vpcctl.DoAsync("list", "--json")).Output);

        Assert.That(Names("machines"), Is.EquivalentTo(["No memory", VpcctlEnvironment.Machine]));
        Assert.That(Names("problems"), Is.EquivalentTo(["Negative", "Hex", "Empty", "Pipe", "line 7", "line 8"]));
        ProgramResult text = await vpcctl.DoAsync("list");
        Assert.That(text.Error, Does.Contain($"Line 7 of {list}").And.Contain("hardware/memory/ram_size").And.Contain("a named pipe"));
        await vpcctl.DoAsync("start", VpcctlEnvironment.Machine);
        await vpcctl.DoAsync("start", "No memory");
        File.Delete(Path.Combine(vpcctl.DataFolder, "No memory.vmc"));
        Assert.That((await vpcctl.DoAsync("list")).Output, Does.Contain("No memory").And.Contain("512 MB"));
        await vpcctl.RunAsync("stop", "No memory");
        await vpcctl.DoAsync("stop", VpcctlEnvironment.Machine);

        IEnumerable<string?> Names(string kind) => told.RootElement.GetProperty(kind).EnumerateArray().Select(entry => entry.GetProperty("name").GetString());
    }

    private static string Memory(string text) => $"<hardware><memory><ram_size type=\"integer\">{text}</ram_size></memory></hardware>";

    private string Write(string name, string content)
    {
        string path = Path.Combine(vpcctl.DataFolder, name + ".vmc");
        File.WriteAllText(path, $"<preferences>{content}</preferences>");
        return path;
    }
}

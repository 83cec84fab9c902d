using System.Text.Json;
using VpcComApi.TestSupport;

namespace VpcComApi.CommandLine.Tests.EndToEnd;

/// <summary>Invalid files, through the program: each is reported, and no other machine is hidden.</summary>
[Platform("Linux")]
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class UnusableMachineTests : IAsyncDisposable
{
    private readonly VpcctlEnvironment vpcctl = new();

    public ValueTask DisposeAsync() => vpcctl.DisposeAsync();

    [Test]
    public async Task The_list_has_all_that_can_be_used_and_says_what_cannot_and_the_others_start()
    {
        await vpcctl.DoAsync("list");
        string list = Path.Combine(vpcctl.DataFolder, "Registrations.txt");
        await File.AppendAllLinesAsync(
 list,
            [
                Write("No memory", ""), Write("Negative", Memory("-128")), Write("Hex", Memory("0x80")), Write("Empty", Memory("")),
                "\0\0", "garbage",
            ]);
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

        IEnumerable<string?> Names(string kind) =>
            told.RootElement.GetProperty(kind).EnumerateArray().Select(entry => entry.GetProperty("name").GetString());
    }

    [Test]
    public async Task A_wrong_value_is_reported_by_each_command_corrected_by_config_and_then_the_machine_starts()
    {
        await vpcctl.DoAsync("list");
        await File.AppendAllLinesAsync(
            Path.Combine(vpcctl.DataFolder, "Registrations.txt"),
            [Write("Odd", "<hardware><memory><ram_size type=\"string\">128</ram_size></memory></hardware><integration><vpccomapi>"
                + "<provider type=\"string\">emulated</provider></vpccomapi></integration>")]);

        Assert.That((await vpcctl.DoAsync("list")).Error, Does.Contain("hardware/memory/ram_size"));
        ProgramResult refused = await vpcctl.RunAsync("start", "odd");
        Assert.That(refused.ExitCode, Is.EqualTo((int)ExitCode.Failed), refused.ToString());
        Assert.That(refused.Error, Does.Contain("hardware/memory/ram_size").And.Contain("Try: vpcctl config Odd set"));
        Assert.That((await vpcctl.DoAsync("config", "odd", "list")).Output, Does.Contain("ram_size"));

        await vpcctl.DoAsync("config", "odd", "set", "hardware/memory/ram_size=128");

        Assert.That((await vpcctl.DoAsync("list")).Output, Does.Contain("Odd").And.Contain("128 MB"));
        await vpcctl.DoAsync("start", "Odd");
        await vpcctl.DoAsync("stop", "Odd");
    }

    [Test]
    public async Task A_machine_that_cannot_be_used_is_removed()
    {
        await vpcctl.DoAsync("list");
        string list = Path.Combine(vpcctl.DataFolder, "Registrations.txt");
        string wrong = Write("Wrong", Memory("-1"));
        string garbage = Path.Combine(vpcctl.DataFolder, "Garbage.vmc");
        await File.WriteAllTextAsync(garbage, "no XML");
        await File.AppendAllLinesAsync(list, [wrong, garbage, Path.Combine(vpcctl.DataFolder, "no folder", "Gone.vmc")]);
        Assert.That((await vpcctl.RunAsync("state", "Gone")).Error, Does.Contain("Try: vpcctl remove Gone --keep-files"));

        Assert.That((await vpcctl.DoAsync("remove", "wrong")).Output, Does.Contain("is deleted"));
        Assert.That((await vpcctl.DoAsync("remove", "garbage")).Output, Does.Contain("could not be read"));
        Assert.That((await vpcctl.DoAsync("remove", "gone")).Output, Does.Contain("could not be read"));

        Assert.That(File.Exists(wrong), Is.False);
        Assert.That(File.Exists(garbage), Is.True);
        Assert.That(await File.ReadAllTextAsync(list), Does.Not.Contain("Wrong").And.Not.Contain("Garbage").And.Not.Contain("Gone"));
        Assert.That((await vpcctl.DoAsync("list")).Error, Is.Empty);
    }

    [Test]
    public async Task Of_several_values_of_which_one_is_refused_none_is_set()
    {
        await vpcctl.DoAsync("list");
        string file = Path.Combine(vpcctl.DataFolder, "Virtual Machines", VpcctlEnvironment.Machine + ".vmc");
        byte[] before = await File.ReadAllBytesAsync(file);

        ProgramResult refused = await vpcctl.RunAsync(
            "config", VpcctlEnvironment.Machine, "set", "hardware/memory/ram_size=64", "hardware/memory=x");

        Assert.That(refused.ExitCode, Is.EqualTo((int)ExitCode.Failed), refused.ToString());
        Assert.That(await File.ReadAllBytesAsync(file), Is.EqualTo(before));
    }

    private static string Memory(string text) => $"<hardware><memory><ram_size type=\"integer\">{text}</ram_size></memory></hardware>";

    private string Write(string name, string content)
    {
        string path = Path.Combine(vpcctl.DataFolder, name + ".vmc");
        File.WriteAllText(path, $"<preferences>{content}</preferences>");
        return path;
    }
}

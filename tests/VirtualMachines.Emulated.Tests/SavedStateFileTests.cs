using System.Text.Json.Nodes;
using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines.Emulated.Board;
using VpcComApi.VirtualMachines.Emulated.SavedState;

namespace VpcComApi.VirtualMachines.Emulated.Tests;

/// <summary>The file of a saved emulated machine, which anybody may have changed.</summary>
public sealed class SavedStateFileTests
{
    private static readonly Guid Machine = Guid.NewGuid();

    [Test]
    public async Task What_was_written_is_read()
    {
        using TestDirectory folder = new();
        string file = await WriteAsync(folder);

        EmulatedState state = await EmulatedStateFile.ReadAsync(file, Machine, CancellationToken.None);

        Assert.That(state.Parameters, Is.EqualTo(new Dictionary<string, string> { ["Name"] = "value" }));
    }

    [Test]
    public async Task A_later_version_does_not_fit()
    {
        using TestDirectory folder = new();
        string file = await ChangeAsync(folder, state =>
        {
            state["version"] = EmulatedState.CurrentVersion + 1;
            state.Remove("parameters");
        });

        AssertRefused(file, Machine, VirtualMachineError.SavedStateBadVersion);
    }

    [Test]
    public async Task Another_machine_s_state_does_not_fit()
    {
        using TestDirectory folder = new();

        AssertRefused(await WriteAsync(folder), Guid.NewGuid(), VirtualMachineError.SavedStateBadVersion);
    }

    [Test]
    public async Task A_state_with_too_many_parameters_is_refused()
    {
        using TestDirectory folder = new();
        string file = await ChangeAsync(folder, state => state["parameters"] = new JsonObject(
            Enumerable.Range(0, BoardWrite.MaxParameters + 1).Select(i => KeyValuePair.Create<string, JsonNode?>($"name{i}", "value"))));

        AssertRefused(file, Machine, VirtualMachineError.SavedStateUnreadable);
    }

    [TestCase("null")]
    [TestCase("[]")]
    [TestCase("{}")]
    [TestCase("")]
    [TestCase("""{"format":"VpcComApi emulated machine state","version":1}""")]
    [TestCase("""{"format":"VpcComApi emulated machine state","version":1,"configurationId":"no id","parameters":{}}""")]
    [TestCase("""{"format":"VpcComApi emulated machine state","version":1,"configurationId":"00000000-0000-0000-0000-000000000000","parameters":null}""")]
    [TestCase("""{"format":"VpcComApi emulated machine state","version":1,"configurationId":"00000000-0000-0000-0000-000000000000","parameters":{"a":null}}""")]
    public void A_file_that_is_no_state_is_refused(string content)
    {
        using TestDirectory folder = new();

        AssertRefused(folder.WriteText("state.vsv", content), Guid.Empty, VirtualMachineError.SavedStateUnreadable);
    }

    [Test]
    public async Task A_write_that_is_given_up_leaves_the_old_file()
    {
        using TestDirectory folder = new();
        string file = folder.WriteText("state.vsv", "old");
        using CancellationTokenSource cancelled = new();
        await cancelled.CancelAsync();

        Assert.That(
            async () =>
                await EmulatedStateFile.WriteAsync(file, State(), cancelled.Token), Throws.InstanceOf<OperationCanceledException>());

        Assert.That(Directory.GetFiles(folder.FullPath), Is.EqualTo(new[] { file }));
        Assert.That(File.ReadAllText(file), Is.EqualTo("old"));
    }

    [Test]
    public async Task A_state_for_which_there_is_no_room_leaves_nothing_and_can_be_written_when_there_is()
    {
        await using SmallVolume volume = await SmallVolume.CreateAsync(megabytes: 2);
        string file = volume.PathOf("state.vsv");
        volume.FillUp(0);

        Assert.That(
            async () => await EmulatedStateFile.WriteAsync(file, State(), CancellationToken.None),
            Throws.TypeOf<VirtualMachineException>().With.Property(nameof(VirtualMachineException.Error)).EqualTo(
                VirtualMachineError.DiskFull).And.Message.Contains(file));

        Assert.That(Directory.GetFiles(volume.Folder), Is.Empty);
        volume.MakeRoom();
        await EmulatedStateFile.WriteAsync(file, State(), CancellationToken.None);
        await EmulatedStateFile.ReadAsync(file, Machine, CancellationToken.None);
    }

    private static EmulatedState State() => new()
    {
        ConfigurationId = Machine,
        Parameters = new Dictionary<string, string> { ["Name"] = "value" },
    };

    private static async Task<string> WriteAsync(TestDirectory folder)
    {
        string file = folder.PathOf("state.vsv");
        await EmulatedStateFile.WriteAsync(file, State(), CancellationToken.None);
        return file;
    }

    private static async Task<string> ChangeAsync(TestDirectory folder, Action<JsonObject> change)
    {
        string file = await WriteAsync(folder);
        JsonObject state = JsonNode.Parse(await File.ReadAllTextAsync(file))!.AsObject();
        change(state);
        await File.WriteAllTextAsync(file, state.ToJsonString());
        return file;
    }

    private static void AssertRefused(string file, Guid machine, VirtualMachineError error) => Assert.That(
        async () => await EmulatedStateFile.ReadAsync(file, machine, CancellationToken.None),
        Throws.InstanceOf<VirtualMachineException>().With.Property(nameof(VirtualMachineException.Error)).EqualTo(error)
            .And.Message.Contains(file));
}

using System.Text.Json;
using VpcComApi.TestSupport;

namespace VpcComApi.CommandLine.Tests.EndToEnd;

/// <summary>A machine whose files are on a full volume, through the program.</summary>
[Platform("Linux")]
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class FullDiskTests : IAsyncDisposable
{
    private const string Machine = "On a full disk";
    private const int VolumeMegabytes = 32;
    private const int FewMegabytes = 4 << 20;

    /// <summary>Longer than the program may take here at all: it must not wait for it.</summary>
    private static readonly string[] NoLimit = ["--timeout", "3600"];

    private readonly VpcctlEnvironment vpcctl = new();
    private SmallVolume? volume;

    public async ValueTask DisposeAsync()
    {
        await vpcctl.DisposeAsync();
        if (volume is not null)
        {
            await volume.DisposeAsync();
        }
    }

    [Test]
    public async Task A_start_says_so_at_once_state_list_and_log_show_it_and_with_room_again_the_machine_goes_on(
        [Values(0, FewMegabytes)] int room)
    {
        SmallVolume disk = await CreateMachineAsync();
        await vpcctl.DoAsync("start", Machine);
        await vpcctl.DoAsync("stop", Machine);
        disk.FillUp(room);

        ProgramResult start = await vpcctl.RunAsync(["start", Machine, .. NoLimit]);

        Assert.That(start.ExitCode, Is.EqualTo((int)ExitCode.MachinePaused), start.ToString());
        Assert.That(
            start.Error,
            Does.StartWith($"\"{Machine}\" is paused before its guest was up: the disk is full.").And.Contain("\"vpcctl resume\""));
        Assert.That((await vpcctl.DoAsync("state", Machine)).Output, Does.Match("State +Paused: the disk is full"));
        Assert.That((await vpcctl.DoAsync("list")).Output, Does.Match(Machine + " +Paused: the disk is full"));
        AssertPaused(await StateAsync());
        using (JsonDocument list = JsonDocument.Parse((await vpcctl.DoAsync("list", "--json")).Output))
        {
            AssertPaused(
                list.RootElement.GetProperty("machines").EnumerateArray().Single(
                    machine => machine.GetProperty("name").GetString() == Machine));
        }

        string log = (await vpcctl.DoAsync("log", "--lines", "20")).Output;
        Assert.That(
            log,
            Does.Contain(
                $"The disk of the machine '{Machine}' at {disk.PathOf("machine")} has {room >> 20} MB left, so the machine was paused."));
        Assert.That(log, Does.Contain($"The machine '{Machine}' was paused: the disk is full"));

        disk.MakeRoom();
        await vpcctl.DoAsync("resume", Machine);
        await Wait.UntilAsync(async () => (await StateAsync()).GetProperty("ready").GetBoolean(), "the guest to be up");
        await vpcctl.DoAsync("stop", Machine);
    }

    [Test]
    public async Task Up_says_so_at_once_and_turns_the_machine_off()
    {
        SmallVolume disk = await CreateMachineAsync();
        disk.FillUp(FewMegabytes);

        ProgramResult up = await vpcctl.RunAsync(["up", Machine, .. NoLimit]);

        Assert.That(up.ExitCode, Is.EqualTo((int)ExitCode.MachinePaused), up.ToString());
        Assert.That(up.Error, Does.Contain("the disk is full"));
        Assert.That((await StateAsync()).GetProperty("state").GetString(), Is.EqualTo("TurnedOff"));
    }

    [Test]
    public async Task A_first_start_that_cannot_write_the_machines_file_is_refused_and_says_what_to_do()
    {
        SmallVolume disk = await CreateMachineAsync();
        disk.FillUp(0);

        ProgramResult start = await vpcctl.RunAsync(["start", Machine, .. NoLimit]);

        Assert.That(start.ExitCode, Is.EqualTo((int)ExitCode.Failed), start.ToString());
        Assert.That(start.Error, Does.Contain(Machine + ".vmc could not be written").And.Contain("Make room on the disk."));
        disk.MakeRoom();
        await vpcctl.DoAsync("start", Machine);
        await vpcctl.DoAsync("stop", Machine);
    }

    private static void AssertPaused(JsonElement machine)
    {
        Assert.That(machine.GetProperty("state").GetString(), Is.EqualTo("Paused"));
        Assert.That(machine.GetProperty("pauseReason").GetString(), Is.EqualTo("DiskFull"));
    }

    private async Task<SmallVolume> CreateMachineAsync()
    {
        volume = await SmallVolume.CreateAsync(VolumeMegabytes);
        await vpcctl.DoAsync("create", Machine, "--folder", volume.PathOf("machine"));
        return volume;
    }

    private async Task<JsonElement> StateAsync()
    {
        using JsonDocument state = JsonDocument.Parse((await vpcctl.DoAsync("state", Machine, "--json")).Output);
        return state.RootElement.Clone();
    }
}

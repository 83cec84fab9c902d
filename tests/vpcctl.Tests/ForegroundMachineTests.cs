using VpcComApi.CommandLine.Tests.Fakes;
using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines;

namespace VpcComApi.CommandLine.Tests;

[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ForegroundMachineTests : IDisposable
{
    private readonly FakeMachine xp = new("XP");
    private readonly FakeMachine other = new("Other");
    private readonly FakeMachines machines;
    private readonly CommandRun run;

    public ForegroundMachineTests()
    {
        machines = new FakeMachines(xp, other);
        run = new CommandRun(machines, isHostedHere: true);
    }

    public void Dispose() => run.Dispose();

    [Test]
    public async Task The_machine_starts_opens_its_channels_and_shuts_down_on_Ctrl_C()
    {
        Task<ExitCode> up = run.RunAsync("up", "xp", "--channel", "p:6174", "--channel", @"\\.\pipe\q:80");
        await ReadyAsync();

        run.Interruption.Request();

        Assert.That(await Wait.UntilAsync(up, "up to end"), Is.EqualTo(ExitCode.Done), run.Error);
        Assert.That(
            machines.Calls,
            Is.EqualTo(["start XP", @"open \\.\pipe\p 6174 xp", @"open \\.\pipe\q 80 xp", "shut down by force XP"]));
        Assert.That(run.Output, Does.EndWith("\"xp\" is off.\n"));
    }

    [Test]
    public async Task A_guest_that_does_not_react_is_turned_off()
    {
        xp.GuestReacts = false;
        Task<ExitCode> up = run.RunAsync("up", "XP");
        await ReadyAsync();

        run.Interruption.Request();

        Assert.That(await Wait.UntilAsync(up, "up to end"), Is.EqualTo(ExitCode.Done));
        Assert.That(machines.Calls, Is.EqualTo(["start XP", "turn off XP"]));
    }

    [Test]
    public async Task A_guest_that_is_shutting_down_already_is_waited_for_and_not_turned_off()
    {
        Task<ExitCode> up = run.RunAsync("up", "XP");
        await ReadyAsync();
        xp.EndsAlready = true;

        run.Interruption.Request();
        await Wait.UntilAsync(() => machines.Calls.Contains("shut down XP again"), "the guest to be asked");
        xp.State = MachineState.TurnedOff;

        Assert.That(await Wait.UntilAsync(up, "up to end"), Is.EqualTo(ExitCode.Done), run.Error);
        Assert.That(machines.Calls, Is.EqualTo(["start XP", "shut down XP again"]));
    }

    [Test]
    public async Task A_machine_that_runs_already_is_taken_over()
    {
        xp.State = MachineState.Running;
        Task<ExitCode> up = run.RunAsync("up", "XP", "--channel", "p:6174");
        await ReadyAsync();

        run.Interruption.Request();

        Assert.That(await Wait.UntilAsync(up, "up to end"), Is.EqualTo(ExitCode.Done));
        Assert.That(machines.Calls, Is.EqualTo([@"open \\.\pipe\p 6174 XP", "shut down by force XP"]));
    }

    [Test]
    public async Task A_channel_that_does_not_open_fails_the_command_and_ends_what_it_began()
    {
        xp.ChannelRefusal = new VirtualMachineException(VirtualMachineError.ConnectionRefused, "Nobody listens.");

        ExitCode exitCode = await run.RunAsync("up", "XP", "--channel", "p:6174");

        Assert.That(exitCode, Is.EqualTo(ExitCode.Failed));
        Assert.That(run.Error, Is.EqualTo("Nobody listens.\n"));
        Assert.That(xp.State, Is.EqualTo(MachineState.TurnedOff));
    }

    [Test]
    public async Task A_channel_that_does_not_open_leaves_a_machine_alone_that_ran_before()
    {
        xp.State = MachineState.Running;
        xp.ChannelRefusal = new VirtualMachineException(VirtualMachineError.ConnectionRefused, "Nobody listens.");

        Assert.That(await run.RunAsync("up", "XP", "--channel", "p:6174"), Is.EqualTo(ExitCode.Failed));
        Assert.That(xp.State, Is.EqualTo(MachineState.Running));
    }

    [Test]
    public async Task Ctrl_C_during_the_start_ends_the_machine()
    {
        xp.GuestComesUp = false;
        Task<ExitCode> up = run.RunAsync("up", "XP");
        await Wait.UntilAsync(machines.HangingCallArrived.Task, "the wait for the guest");

        run.Interruption.Request();

        Assert.That(await Wait.UntilAsync(up, "up to end"), Is.EqualTo(ExitCode.Interrupted));
        Assert.That(xp.State, Is.EqualTo(MachineState.TurnedOff));
    }

    [Test]
    public async Task A_machine_that_ends_by_itself_has_its_own_exit_code()
    {
        Task<ExitCode> up = run.RunAsync("up", "XP");
        await ReadyAsync();

        xp.State = MachineState.TurnedOff;

        Assert.That(await Wait.UntilAsync(up, "up to end"), Is.EqualTo(ExitCode.MachineEnded));
        Assert.That(run.Error, Does.Contain("\"XP\"").And.Contain("vpcctl log"));
    }

    [Test]
    public async Task A_channel_whose_client_disconnects_is_reported()
    {
        Task<ExitCode> up = run.RunAsync("up", "XP", "--channel", "p:6174");
        await ReadyAsync();

        xp.Channels.Clear();
        await Wait.UntilAsync(() => run.Output.Contains(@"\\.\pipe\p is closed", StringComparison.Ordinal), "the closed channel");
        run.Interruption.Request();

        Assert.That(await Wait.UntilAsync(up, "up to end"), Is.EqualTo(ExitCode.Done));
    }

    [Test]
    public async Task A_host_stays_for_the_machines_of_others_until_a_second_Ctrl_C()
    {
        other.State = MachineState.Running;
        Task<ExitCode> up = run.RunAsync("up", "XP");
        await ReadyAsync();

        run.Interruption.Request();
        await Wait.UntilAsync(run.Source.StaysForOthers.Task, "up to stay");
        Assert.That(run.Error, Does.Contain("\"Other\" still runs"));
        run.Interruption.Request();

        Assert.That(await Wait.UntilAsync(up, "up to end"), Is.EqualTo(ExitCode.Done));
        Assert.That(other.State, Is.EqualTo(MachineState.Running));
    }

    private Task ReadyAsync() =>
        Wait.UntilAsync(() => run.Output.Contains("is ready", StringComparison.Ordinal), "the machine to be ready");
}

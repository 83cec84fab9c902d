using VpcComApi.CommandLine.Tests.Fakes;
using VpcComApi.VirtualMachines;

namespace VpcComApi.CommandLine.Tests;

[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class CommandLineTests : IDisposable
{
    private readonly FakeMachine xp = new("Windows XP Mode");
    private readonly FakeMachines machines;
    private readonly CommandRun run;

    public CommandLineTests()
    {
        machines = new FakeMachines(xp, new FakeMachine("Other"));
        run = new CommandRun(machines);
    }

    public void Dispose() => run.Dispose();

    [TestCase("start Other", "start Other")]
    [TestCase("start Other --no-wait", "start Other")]
    [TestCase("start other --timeout 5", "start Other")]
    [TestCase("start Other --trust-parent", "start trusting Other")]
    [TestCase("discard Other", "discard Other")]
    [TestCase("discard Other --undo", "discard undo Other")]
    [TestCase("register /vm/Old.vmc", "register /vm/Old.vmc")]
    [TestCase("stop Other", "turn off Other")]
    [TestCase("stop Other --shutdown", "shut down Other")]
    [TestCase("stop Other --shutdown --force", "shut down by force Other")]
    [TestCase("save Other", "save Other")]
    [TestCase("pause Other", "pause Other")]
    [TestCase("resume Other", "resume Other")]
    [TestCase("reset Other", "reset Other")]
    [TestCase("remove Other", "remove Other False")]
    [TestCase("remove Other --keep-files", "remove Other True")]
    [TestCase("create New", "create New  ")]
    [TestCase("create New --memory 256 --folder /vm/new", "create New /vm/new 256")]
    [TestCase("create New --disk /vm/new.vhd", "create New   /vm/new.vhd")]
    [TestCase("create New --provider qemu --set a/b=c=d", "create New   integration/vpccomapi/provider=qemu a/b=c=d")]
    [TestCase(@"channel Other --pipe p --port 6174", @"open \\.\pipe\p 6174 Other")]
    [TestCase(@"channel Other --pipe \\.\pipe\p --port 6174", @"open \\.\pipe\p 6174 Other")]
    public async Task A_command_asks_for_what_it_says(string line, string call)
    {
        ExitCode exitCode = await run.RunAsync(line.Split(' '));

        Assert.That(exitCode, Is.EqualTo(ExitCode.Done), run.Error);
        Assert.That(machines.Calls, Is.EqualTo([call]));
        Assert.That(run.Output, Is.Not.Empty);
        Assert.That(run.Error, Is.Empty);
    }

    [TestCase("", "Required command was not provided.")]
    [TestCase("fly", "'fly'")]
    [TestCase("stop", "'NAME'")]
    [TestCase("stop a b", "'b'")]
    [TestCase("stop a --force", "--shutdown")]
    [TestCase("start a --timeout 0", "\"0\" is not a time")]
    [TestCase("start a --timeout soon", "\"soon\" is not a time")]
    [TestCase("channel a --pipe p", "'--port'")]
    [TestCase("channel a --pipe p --port 0", "\"0\" is not a TCP port")]
    [TestCase("channel a --pipe p --port 65536", "\"65536\" is not a TCP port")]
    [TestCase("channel a --pipe p --port +80", "\"+80\" is not a TCP port")]
    [TestCase(@"channel a --pipe \\.\pipe\ --port 80", "is not a pipe")]
    [TestCase(@"channel a --pipe x\y --port 80", "is not a pipe")]
    [TestCase("up a --channel p", "is not PIPE:PORT")]
    [TestCase("up a --channel :80", "is not PIPE:PORT")]
    [TestCase("log --lines -1", "\"-1\" is not a number")]
    [TestCase("completion tcsh", "'tcsh'")]
    [TestCase("disk", "vpcctl disk --help")]
    [TestCase("disk create", "vpcctl disk create --help")]
    [TestCase("disk create a.vhd", "--size is missing")]
    [TestCase("disk create a.vhd --size", "'--size'")]
    [TestCase("disk create a.vhd --parent", "'--parent'")]
    [TestCase("disk create --size 2G", "'FILE'")]
    [TestCase("disk merge a.vhd --to", "'--to'")]
    [TestCase("disk create a.vhd --size 20", "\"20\" is not a size")]
    [TestCase("disk create a.vhd --size -1G", "\"-1G\" is not a size")]
    [TestCase("disk create a.vhd --size 1.1K", "whole megabytes")]
    [TestCase("disk create a.vhd --size 1G --parent b.vhd", "--parent goes without")]
    [TestCase("disk create a.vhd --size 1G --fixed --dynamic", "exclude each other")]
    [TestCase("disk create a.vfd --size 2M", "720K or 1.44M")]
    [TestCase("disk merge a.vhd --fixed", "--to")]
    [TestCase("disk convert a.vhd", "'NEW'")]
    public async Task A_wrong_command_line_is_refused_with_what_is_wrong_and_where_help_is(string line, string named)
    {
        ExitCode exitCode = await run.RunAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.That(exitCode, Is.EqualTo(ExitCode.Usage));
        Assert.That(run.Error, Does.Contain(named).And.Contain("--help\" shows"));
        Assert.That(run.Output, Is.Empty);
        Assert.That(machines.Calls, Is.Empty);
    }

    [TestCase("state")]
    [TestCase("start")]
    [TestCase("stop")]
    [TestCase("save")]
    [TestCase("pause")]
    [TestCase("resume")]
    [TestCase("reset")]
    [TestCase("remove")]
    [TestCase("devices")]
    [TestCase("channels")]
    [TestCase("up")]
    public async Task A_machine_that_is_not_there_has_its_own_exit_code(string command)
    {
        ExitCode exitCode = await run.RunAsync(command, "Nobody");

        Assert.That(exitCode, Is.EqualTo(ExitCode.NoSuchMachine));
        Assert.That(run.Error.TrimEnd('\n'), Does.Contain("\"Nobody\"").And.Not.Contain("\n"));
        Assert.That(run.Output, Is.Empty);
    }

    [Test]
    public async Task A_refusal_is_told_in_one_line()
    {
        xp.State = MachineState.Running;

        ExitCode exitCode = await run.RunAsync("start", "windows xp mode");

        Assert.That(exitCode, Is.EqualTo(ExitCode.Failed));
        Assert.That(run.Error, Is.EqualTo("\"windows xp mode\" runs already.\n"));
    }

    [Test]
    public async Task A_guest_that_does_not_come_up_is_a_timeout()
    {
        xp.GuestComesUp = false;

        ExitCode exitCode = await run.RunAsync("start", xp.Name, "--timeout", "0.1");

        Assert.That(exitCode, Is.EqualTo(ExitCode.TimedOut));
        Assert.That(run.Error, Does.Contain("0.1 s").And.Contain($"\"{xp.Name}\" to be ready"));
    }

    [Test]
    public async Task Ctrl_C_ends_the_wait()
    {
        xp.GuestComesUp = false;
        Task<ExitCode> command = run.RunAsync("start", xp.Name);
        await machines.HangingCallArrived.Task;

        run.Interruption.Request();

        Assert.That(await command, Is.EqualTo(ExitCode.Interrupted));
    }

    [Test]
    public async Task A_host_that_cannot_be_reached_has_its_own_exit_code()
    {
        run.Source.Failure = new CommandException(ExitCode.HostUnavailable, "The host is gone.");

        Assert.That(await run.RunAsync("list"), Is.EqualTo(ExitCode.HostUnavailable));
        Assert.That(run.Error, Is.EqualTo("The host is gone.\n"));
    }

    [Test]
    public async Task What_nobody_foresaw_is_told_in_one_line_and_not_as_a_stack_trace()
    {
        run.Source.Failure = new InvalidOperationException("Two\nlines.");

        Assert.That(await run.RunAsync("list"), Is.EqualTo(ExitCode.Failed));
        Assert.That(run.Error, Is.EqualTo("Two␊lines.\n"));
    }

    [Test]
    public async Task The_command_that_hosts_is_not_shown_to_people_and_says_when_it_is_ready()
    {
        Assert.That(await run.RunAsync("host"), Is.EqualTo(ExitCode.Done));
        Assert.That(run.Output, Is.EqualTo("ready\n"));
        Assert.That(new VpcctlCommand(run.Services).Subcommands.Where(command => command.Hidden).Select(command => command.Name), Is.EqualTo(["host"]));
    }

    [TestCase("bash", "complete -F _vpcctl vpcctl")]
    [TestCase("zsh", "compdef _vpcctl vpcctl")]
    [TestCase("pwsh", "Register-ArgumentCompleter -Native -CommandName vpcctl")]
    public async Task Each_shell_has_its_completion_script(string shell, string registration)
    {
        Assert.That(await run.RunAsync("completion", shell), Is.EqualTo(ExitCode.Done));
        Assert.That(run.Output, Does.Contain(registration).And.Contain("[suggest:"));
    }

    [Test]
    public void Completion_knows_the_machines()
    {
        VpcctlCommand root = new(run.Services);

        Assert.That(
            root.Parse("stop ").GetCompletions("stop ".Length).Select(item => item.Label),
            Is.SupersetOf([xp.Name, "Other"]));
    }

    [Test]
    public void Completion_is_silent_when_nobody_answers()
    {
        run.Source.Failure = new CommandException(ExitCode.HostUnavailable, "The host is gone.");
        VpcctlCommand root = new(run.Services);

        Assert.That(root.Parse("stop ").GetCompletions("stop ".Length).Select(item => item.Label), Has.None.EqualTo(xp.Name));
        Assert.That(run.Error, Is.Empty);
    }
}

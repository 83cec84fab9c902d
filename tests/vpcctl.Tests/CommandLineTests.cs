using System.CommandLine;
using VpcComApi.CommandLine.Tests.Fakes;
using VpcComApi.Platform.Output;
using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines;
using VpcComApi.VirtualMachines.Machines;

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
        machines.Configuration.Add(new("a/b", "integer", "1"));
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
    [TestCase("create New --provider qemu --set a/b=c=d", "create New   integration/vpccomapi/provider:string=qemu a/b:string=c=d")]
    [TestCase("create New --set hardware/memory/ram_size=128", "create New   hardware/memory/ram_size:integer=128")]
    [TestCase("create New --set settings/undo_drives/enabled=True", "create New   settings/undo_drives/enabled:boolean=true")]
    [TestCase("create New --set integration/vpccomapi/notes=128", "create New   integration/vpccomapi/notes:string=128")]
    [TestCase("create New --set integration/vpccomapi/qemu/kernel_arguments=1", "create New   "
        + "integration/vpccomapi/qemu/kernel_arguments:string=1")]
    [TestCase(
        "create New --set hardware/pci_bus/ide_adapter/ide_controller[@id=1]/location[@id=0]/drive_type=0",
        "create New   hardware/pci_bus/ide_adapter/ide_controller[@id=1]/location[@id=0]/drive_type:integer=0")]
    [TestCase("create New --set x[@id='0']/y=1", "create New   x[@id='0']/y:integer=1")]
    [TestCase("create New --set a=true --set b=-7 --set c=007 --set d=", "create New   a:boolean=true b:integer=-7 c:string=007 d:string=")]
    [TestCase("create New --set a:string=true --set b:bytes=0aFF --set c:integer=4294967295", "create New   a:string=true b:bytes=0AFF "
        + "c:integer=4294967295")]
    [TestCase("config Other set a/b=1 c:string=2", "change Other a/b:integer=1 c:string=2")]
    [TestCase("config Other unset a/b c", "change Other -a/b -c")]
    [TestCase("config Other get a/b", "read Other a/b")]
    [TestCase("config Other list", "read Other")]
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

    [Test]
    public void Every_argument_is_shown_in_the_help_as_a_word_in_capitals()
    {
        string[] shown = [.. ArgumentsOf(new VpcctlCommand(run.Services))];

        Assert.That(shown, Is.Not.Empty);
        Assert.That(shown.Where(name => !name.All(char.IsAsciiLetterUpper)), Is.Empty);

        static IEnumerable<string> ArgumentsOf(Command command) =>
            command.Arguments.Select(argument => argument.HelpName ?? $"{command.Name} {argument.Name}").Concat(
                command.Subcommands.SelectMany(ArgumentsOf));
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
    [TestCase("create a --set b", "'b' is no KEY=VALUE")]
    [TestCase("create a --set =b", "'=b' is no KEY=VALUE")]
    [TestCase("create a --set x[@id=0]", "'x[@id=0]' is no KEY=VALUE")]
    [TestCase("config a", "'ACTION'")]
    [TestCase("config a put", "'put'")]
    [TestCase("config a get", "get needs a key")]
    [TestCase("config a unset", "unset needs a key")]
    [TestCase("config a set", "set needs KEY=VALUE")]
    [TestCase("config a set b", "'b' is no KEY=VALUE")]
    [TestCase("config a list b", "list takes no key")]
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

    [TestCase("hardware/memory/ram_size=2", "'hardware/memory/ram_size' cannot be '2': it takes an integer from 4 to 3,712.")]
    [TestCase("hardware/memory/ram_size=lots", "'hardware/memory/ram_size' cannot be 'lots': it takes an integer from 4 to 3,712.")]
    [TestCase("hardware/memory/ram_size:string=128", "'hardware/memory/ram_size' is of the type integer, not string: it takes an integer "
        + "from 4 to 3,712.")]
    [TestCase("settings/undo_drives/enabled=1", "'settings/undo_drives/enabled' cannot be '1': it takes true or false.")]
    [TestCase("integration/vpccomapi/qemu/shared_memory=maybe", "it takes on (with every accelerator) or off (never).")]
    [TestCase("customer/key:bytes=xyz", "'customer/key' cannot be 'xyz': that is no value of the type bytes.")]
    [TestCase("customer/key:float=1", "'float' is no type of a value. The types are string, integer, boolean, bytes.")]
    [TestCase("customer//key=1", "The configuration key 'customer//key' is not usable")]
    public async Task A_value_that_a_key_cannot_have_is_refused_before_anything_is_done(string assignment, string sentence)
    {
        foreach (string[] line in (string[][])
            [
                ["create", "New", "--set", "a=1", "--set", assignment], ["config", "Other", "set", "a=1", assignment],
            ])
        {
            Assert.That(await run.RunAsync(line), Is.EqualTo(ExitCode.Failed));
        }

        Assert.That(run.Error.Split(sentence), Has.Length.EqualTo(3), run.Error);
        Assert.That(machines.Calls, Is.Empty);
    }

    [Test]
    public async Task A_value_is_printed_as_it_is_and_all_values_with_their_types()
    {
        machines.Configuration.Add(new("c", "string", "x y"));

        await run.RunAsync("config", "Other", "get", "c");
        Assert.That(run.Output, Is.EqualTo("x y\n"));
        await run.RunAsync("config", "Other", "list");
        Assert.That(run.Output, Does.Contain("KEY  TYPE     VALUE").And.Contain("a/b  integer  1").And.Contain("c    string   x y"));
        await run.RunAsync("config", "Other", "get", "a/b", "--json");
        Assert.That(run.Output, Does.Contain("\"key\": \"a/b\"").And.Contain("\"type\": \"integer\"").And.Contain("\"value\": \"1\""));
    }

    [Test]
    public async Task A_machine_may_be_called_like_an_action()
    {
        await run.RunAsync("create", "get");

        Assert.That(await run.RunAsync("config", "get", "get", "a"), Is.EqualTo(ExitCode.Done));
        Assert.That(machines.Calls[^1], Is.EqualTo("read get a"));
    }

    [Test]
    public async Task Output_that_cannot_be_written_is_a_failure_and_is_reported()
    {
        run.Loss.Report(new IOException("No space left on device"));

        Assert.That(await run.RunAsync("list"), Is.EqualTo(ExitCode.Failed));
        Assert.That(run.Error, Does.StartWith("Standard output cannot be written: No space left on device."));
    }

    [Test]
    public async Task Output_that_nobody_reads_is_not_reported_as_a_failure()
    {
        run.Loss.Report(StandardOutputStream.ReaderGone());

        Assert.That(await run.RunAsync("list"), Is.EqualTo(ExitCode.OutputClosed));
        Assert.That(await run.RunAsync("state", "Nobody"), Is.EqualTo(ExitCode.NoSuchMachine), "another failure is reported");
    }

    [Test]
    public async Task Watching_ends_when_nobody_reads_and_nothing_is_to_be_written()
    {
        Task<ExitCode> watching = run.RunAsync("log", "--follow");

        run.Loss.Report(StandardOutputStream.ReaderGone());

        Assert.That(await Wait.UntilAsync(watching, "the command to end"), Is.EqualTo(ExitCode.OutputClosed));
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
    public async Task A_refusal_is_reported_in_one_line()
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

    [TestCase("start", PauseReason.DiskFull, "the disk is full")]
    [TestCase("start", PauseReason.Requested, "was paused before its guest was up")]
    [TestCase("start", null, "was paused before its guest was up")]
    [TestCase("up", PauseReason.DiskFull, "the disk is full")]
    public async Task A_machine_that_is_paused_while_its_guest_is_awaited_is_reported_at_once(
        string command, PauseReason? reason, string why)
    {
        xp.GuestComesUp = false;
        xp.WhileAwaited = () =>
        {
            xp.State = MachineState.Paused;
            xp.PauseReason = reason;
        };

        ExitCode exitCode = await run.RunAsync(command, xp.Name, "--timeout", "60");

        Assert.That(exitCode, Is.EqualTo(ExitCode.MachinePaused));
        Assert.That(run.Error, Does.Contain(why).And.Contain("vpcctl resume").And.Contain(xp.Name));
    }

    [Test]
    public async Task A_machine_that_ends_while_its_guest_is_awaited_is_reported_at_once()
    {
        xp.GuestComesUp = false;
        xp.WhileAwaited = () =>
        {
            xp.State = MachineState.TurnedOff;
            throw new VirtualMachineException(VirtualMachineError.MachineNotRunning, "It has stopped.");
        };

        ExitCode exitCode = await run.RunAsync("start", xp.Name, "--timeout", "60");

        Assert.That(exitCode, Is.EqualTo(ExitCode.MachineEnded));
        Assert.That(run.Error, Does.Contain("ended before its guest was up").And.Contain("vpcctl log"));
    }

    [Test]
    public async Task A_machine_whose_disk_is_full_shows_it_in_list_and_state()
    {
        xp.State = MachineState.Paused;
        xp.PauseReason = PauseReason.DiskFull;

        await run.RunAsync("list");
        Assert.That(run.Output, Does.Contain("Paused: the disk is full"));
        await run.RunAsync("state", xp.Name);
        Assert.That(run.Output.Split("Paused: the disk is full"), Has.Length.EqualTo(3));
        await run.RunAsync("state", xp.Name, "--json");
        Assert.That(run.Output, Does.Contain("\"state\": \"Paused\"").And.Contain("\"pauseReason\": \"DiskFull\""));
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
    public async Task An_unexpected_failure_is_reported_in_one_line_and_not_as_a_stack_trace()
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
        Assert.That(
            new VpcctlCommand(run.Services).Subcommands.Where(command => command.Hidden).Select(command => command.Name),
            Is.EqualTo(["host"]));
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

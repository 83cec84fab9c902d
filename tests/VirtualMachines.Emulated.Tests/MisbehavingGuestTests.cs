using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using VpcComApi.ProviderConformance;
using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines.Emulated.Board;
using VpcComApi.VirtualMachines.Emulated.Processes;
using VpcComApi.VirtualMachines.Providers;
using VpcComApi.VpcBus;
using VpcComApi.VpcBus.Integration;
using VpcComApi.VpcBus.Links;

namespace VpcComApi.VirtualMachines.Emulated.Tests;

/// <summary>Misbehaving guests, implemented by shell scripts, and other processes that connect to a machine's bus device.</summary>
[Platform(Exclude = "Win", Reason = "The guests are shell scripts.")]
[UnsupportedOSPlatform("windows")]
[CancelAfter(60_000)]
public sealed class MisbehavingGuestTests
{
    private TestDirectory folder = null!;
    private MachineTestEnvironment environment = null!;
    private RecordingLoggerFactory log = null!;

    [SetUp]
    public void SetUp()
    {
        environment = new MachineTestEnvironment();
        folder = new TestDirectory();
        log = new RecordingLoggerFactory();
    }

    [TearDown]
    public async Task TearDown()
    {
        await environment.AssertNothingLeftAsync();
        environment.Dispose();
        folder.Dispose();
        log.Dispose();
    }

    [Test]
    public async Task A_guest_that_crashes_ends_its_machine_with_its_exit_code()
    {
        await using IRunningMachine machine = await StartAsync("exit 3");

        MachineEnd end = await Wait.UntilAsync(machine.Ended, "the crash to be noticed");

        Assert.That(end.Reason, Is.EqualTo(MachineEndReason.Died));
        Assert.That(end.Description, Does.Match("the guest process [0-9]+ ended with exit code 3"));
    }

    [Test]
    public async Task A_guest_that_a_signal_ends_is_said_so()
    {
        await using IRunningMachine machine = await StartAsync("kill -KILL $$");

        Assert.That((await Wait.UntilAsync(machine.Ended, "the end")).Description, Does.EndWith("was ended by signal 9"));
    }

    [Test]
    public async Task The_end_of_a_machine_is_reported_when_its_resources_cannot_be_released_and_the_log_fails()
    {
        const int CleanUpFailed = 1804;
        IRunningMachine machine = await StartAsync("read rest");
        string obstacle = Path.Combine(environment.SocketFolders.Single(), "obstacle");
        await File.WriteAllTextAsync(obstacle, "A folder that is not empty is not removed.");
        log.Refused = CleanUpFailed;

        await Wait.UntilAsync(machine.TurnOffAsync(CancellationToken.None), "the machine to be off");

        Assert.That((await Wait.UntilAsync(machine.Ended, "the end")).Reason, Is.EqualTo(MachineEndReason.TurnedOff));
        Assert.That(log.Entries.Select(entry => entry.EventId), Does.Contain(CleanUpFailed));
        Directory.Delete(Path.GetDirectoryName(obstacle)!, recursive: true);
    }

    [Test]
    public async Task A_machine_whose_guest_cannot_be_booted_again_ends_and_leaves_no_process()
    {
        const int GuestBoots = 1800;
        IRunningMachine machine = await StartAsync("read rest");
        log.Refused = GuestBoots;

        Task reset = machine.ResetAsync(CancellationToken.None);

        Assert.That((await Wait.UntilAsync(machine.Ended, "the end")).Reason, Is.EqualTo(MachineEndReason.Died));
        await Wait.UntilAsync(reset.ContinueWith(_ => { }, TaskScheduler.Default), "the reset to end");
        Assert.That(environment.Processes, Is.Empty);
    }

    [Test]
    public async Task A_machine_whose_reset_hangs_can_be_turned_off()
    {
        const int GuestBoots = 1800;
        FakeTimeProvider time = new();
        IRunningMachine machine = await StartAsync("read rest", time);
        using ManualResetEventSlim isHanging = new();
        using ManualResetEventSlim release = new();
        log.OnEntry = id =>
        {
            if (id == GuestBoots)
            {
                isHanging.Set();
                release.Wait();
            }
        };
        time.Advance(TimeSpan.FromSeconds(1));
        Task reset = machine.ResetAsync(CancellationToken.None);
        await Wait.UntilAsync(() => isHanging.IsSet, "the second boot to hang");

        Task turningOff = machine.TurnOffAsync(CancellationToken.None);
        await Wait.UntilAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                return turningOff.IsCompleted;
            },
            "the machine to be off");

        Assert.That((await machine.Ended).Reason, Is.EqualTo(MachineEndReason.TurnedOff));
        Assert.That(async () => await Wait.UntilAsync(reset, "the reset to fail"), Throws.InstanceOf<VirtualMachineException>());
        Assert.That(environment.Processes, Is.Empty);
        release.Set();
    }

    [TestCase("ILL")]
    [TestCase("ABRT")]
    [TestCase("BUS")]
    [TestCase("FPE")]
    [TestCase("SEGV")]
    public async Task A_fault_of_the_guest_s_processor_is_reported_and_reboots_it(string signal)
    {
        string booted = folder.PathOf("booted");
        await using IRunningMachine machine = await StartAsync($"[ -e '{booted}' ] && read rest; touch '{booted}'; kill -{signal} $$");

        await Wait.UntilAsync(machine.WaitForProcessorFaultAsync(CancellationToken.None), "the fault to be reported");
        await Wait.UntilAsync(() => environment.Processes.Count == 1, "the second boot");

        Assert.That(machine.Ended.IsCompleted, Is.False);
        Assert.That(machine.WaitForProcessorFaultAsync(CancellationToken.None).IsCompleted, Is.False, "it was reported once");
    }

    [TestCase("kill -KILL $$")]
    [TestCase("kill -TERM $$")]
    [TestCase("exit 11")]
    public async Task What_ends_a_guest_from_outside_is_no_fault_of_its_processor(string script)
    {
        await using IRunningMachine machine = await StartAsync(script);
        Task fault = machine.WaitForProcessorFaultAsync(CancellationToken.None);

        MachineEnd end = await Wait.UntilAsync(machine.Ended, "the end");

        Assert.That(end.Reason, Is.EqualTo(MachineEndReason.Died));
        Assert.That(fault.IsCompleted, Is.False);
    }

    [Test]
    public async Task A_guest_that_faults_at_each_boot_dies_at_the_fourth()
    {
        string boots = folder.PathOf("boots");
        await using IRunningMachine machine = await StartAsync($"echo boot >> '{boots}'; kill -SEGV $$");

        MachineEnd end = await Wait.UntilAsync(machine.Ended, "the machine to end");

        Assert.That(end.Reason, Is.EqualTo(MachineEndReason.Died));
        Assert.That(end.Description, Does.EndWith("was ended by signal 11"));
        Assert.That(File.ReadAllLines(boots), Has.Length.EqualTo(4));
    }

    [Test]
    [Category("Timing")]
    public async Task A_guest_that_restarts_for_ever_boots_a_few_times_a_second_and_can_be_turned_off()
    {
        string boots = folder.PathOf("boots");
        System.Diagnostics.Stopwatch clock = System.Diagnostics.Stopwatch.StartNew();
        await using IRunningMachine machine = await StartAsync($"echo boot >> '{boots}'; exit {GuestExitCode.Restart}");
        await Wait.UntilAsync(() => File.Exists(boots) && File.ReadAllLines(boots).Length >= 4, "four boots");

        Assert.That(clock.Elapsed, Is.GreaterThan(TimeSpan.FromMilliseconds(700)), "three pauses of a quarter of a second");
        await Wait.UntilAsync(machine.TurnOffAsync(CancellationToken.None), "the machine to turn off");
        Assert.That((await machine.Ended).Reason, Is.EqualTo(MachineEndReason.TurnedOff));
    }

    [Test]
    public async Task What_a_guest_says_reaches_the_log_at_its_level_and_not_without_end()
    {
        await using IRunningMachine machine = await StartAsync(
            """
            echo '<3>[3999] it hurts' >&2
            i=0; while [ $i -lt 5000 ]; do echo "line $i" >&2; i=$((i+1)); done
            head -c 200000 /dev/zero | tr '\0' x >&2
            exit 100
            """);
        await Wait.UntilAsync(machine.Ended, "the guest to end");
        await machine.DisposeAsync();

        Assert.That(log.Entries.Select(entry => (entry.Level, entry.Text)), Has.Some.Matches<(LogLevel Level, string Text)>(
            entry => entry.Level == LogLevel.Error && entry.Text.EndsWith("[3999] it hurts", StringComparison.Ordinal)));
        Assert.That(log.Entries, Has.Count.LessThan(1000));
        Assert.That(log.Entries.Select(entry => entry.Text), Has.Some.Contains("lines were dropped"));
        Assert.That(log.Entries.Select(entry => entry.Text.Length), Is.All.LessThan(GuestOutputLog.MaxLineLength + 200));
    }

    [TestCase("garbage")]
    [TestCase("{}")]
    [TestCase("""{"parameter":"","value":"x"}""")]
    [TestCase("""{"parameter":"x","value":null}""")]
    public async Task A_write_to_memory_that_breaks_a_rule_is_refused(string line)
    {
        string answer = folder.PathOf("answer");
        await using IRunningMachine machine = await StartAsync(
            $"echo '{line}'; read answer; echo \"$answer\" > '{answer}.new'; mv '{answer}.new' '{answer}'");

        await Wait.UntilAsync(() => File.Exists(answer), "the machine's answer");

        Assert.That(File.ReadAllText(answer).Trim(), Is.EqualTo(BoardWrite.Refused));
    }

    [Test]
    public async Task A_process_that_is_not_the_guest_is_refused_even_with_the_key()
    {
        string file = folder.PathOf("board");
        await using IRunningMachine machine = await StartAsync(
            $"printf '%s' \"$board\" > '{file}.new'; mv '{file}.new' '{file}'; read rest");
        await Wait.UntilAsync(() => File.Exists(file), "the board");
        BoardDescription board = JsonSerializer.Deserialize(File.ReadAllText(file), BoardJson.Default.BoardDescription)!;
        Assert.That(LinkKey.TryParse(board.Key, out LinkKey? key), Is.True);
        using CancellationTokenSource giveUp = new();
        Task<Stream> waiting = machine.ConnectBusAsync(giveUp.Token);

        using Socket stranger = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await stranger.ConnectAsync(new UnixDomainSocketEndPoint(board.Bus["unix:".Length..]));
        await using NetworkStream link = new(stranger);
        Assert.That(
            async () => await Wait.UntilAsync(key!.ProveAsync(link, BusSide.Guest, CancellationToken.None), "the refusal"),
            Throws.InstanceOf<IOException>());

        Assert.That(log.Entries.Select(entry => entry.Text), Has.Some.Contains($"process {Environment.ProcessId} is not its guest"));
        Assert.That(waiting.IsCompleted, Is.False);
        await giveUp.CancelAsync();
        Assert.That(async () => await waiting, Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task The_socket_is_in_a_private_folder_and_deleted_once_the_guest_has_connected()
    {
        EmulatedMachineProvider provider = new();
        await using IRunningMachine machine = await provider.StartAsync(ConformanceStart(), new Progress<int>(), CancellationToken.None);
        string socketFolder = environment.SocketFolders.Single();
        Assert.That(
            File.GetUnixFileMode(socketFolder), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute));
        Assert.That(Directory.EnumerateFileSystemEntries(socketFolder).Count(), Is.EqualTo(1));

        await using GuestConnection guest = await GuestConnection.ConnectAsync(machine);

        Assert.That(Directory.EnumerateFileSystemEntries(socketFolder), Is.Empty);
    }

    [Test]
    public async Task Ctrl_C_in_the_host_s_terminal_does_not_end_the_guest()
    {
        await using IRunningMachine machine = await new EmulatedMachineProvider().StartAsync(
            ConformanceStart(), new Progress<int>(), CancellationToken.None);
        await using GuestConnection guest = await GuestConnection.ConnectAsync(machine);

        ProgramResult sent = await RunningProgram.RunAsync("kill", ["-INT", $"{environment.Processes.Single()}"]);
        Assert.That(sent.ExitCode, Is.Zero, sent.ToString());

        Assert.That((await guest.AskAsync(id => Request.GetParameter(id, "VirtualMachineName"))).Value, Is.EqualTo("Strange"));
        Assert.That(machine.Ended.IsCompleted, Is.False);
    }

    [Test]
    public void A_guest_service_that_is_not_there_is_named()
    {
        EmulatedMachineProvider provider = new(new EmulatedMachineOptions { GuestServicePath = folder.PathOf("no such program") });

        Assert.That(
            async () => await provider.StartAsync(ConformanceStart(), new Progress<int>(), CancellationToken.None),
            Throws.InstanceOf<VirtualMachineException>().With.Message.Contains("no such program")
                .And.Property(nameof(VirtualMachineException.Error)).EqualTo(VirtualMachineError.ProviderFailed));
    }

    [Test]
    public void A_guest_service_that_cannot_be_executed_leaves_nothing()
    {
        EmulatedMachineProvider provider = new(new EmulatedMachineOptions { GuestServicePath = folder.WriteText("vmsrvc", "no program") });

        Assert.That(
            async () => await provider.StartAsync(ConformanceStart(), new Progress<int>(), CancellationToken.None),
            Throws.InstanceOf<VirtualMachineException>().With.Property(nameof(VirtualMachineException.Error))
                .EqualTo(VirtualMachineError.ProviderFailed));
    }

    private static MachineStart ConformanceStart() => new()
    {
        MachineName = "Strange",
        ConfigurationId = Guid.NewGuid(),
        MemoryMegabytes = 128,
        Firmware = new FirmwareIdentity(Guid.NewGuid(), "bios", "board", "chassis", "tag"),
        Configuration = new NoValues(),
    };

    /// <summary>Starts a machine whose guest is a script. It has read the board's description into <c>$board</c>.</summary>
    private async Task<IRunningMachine> StartAsync(string script, TimeProvider? timeProvider = null)
    {
        string program = folder.WriteText("guest.sh", $"#!/bin/sh\nread -r board\n{script}\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        EmulatedMachineProvider provider = new(new EmulatedMachineOptions { GuestServicePath = program, LoggerFactory = log });
        MachineStart start = ConformanceStart() with { TimeProvider = timeProvider ?? TimeProvider.System };
        return await provider.StartAsync(start, new Progress<int>(), CancellationToken.None);
    }
}

using System.Security.Cryptography;
using System.Text;
using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines.Configuration;
using VpcComApi.VirtualMachines.Providers;
using VpcComApi.VpcBus;
using VpcComApi.VpcBus.Integration;
using VpcComApi.VpcBus.Relay;

namespace VpcComApi.VirtualMachines.Emulated.Tests.Conformance;

/// <summary>
/// What every provider's machines do, whatever they are made of. A provider's tests derive from it and say how to make the provider, how to
/// kill a machine from outside, and where a program in the guest listens.
/// </summary>
[CancelAfter(120_000)]
public abstract class ProviderConformance
{
    /// <summary>
    /// How long a guest may need to change its picture: an emulated processor stands still while its picture is taken, again and again.
    /// </summary>
    private static readonly TimeSpan PictureLimit = TimeSpan.FromSeconds(90);

    private const string AssetTag = "1234-5678-ABCD";
    private static readonly Guid ConfigurationId = Guid.NewGuid();

    /// <summary>Makes the provider.</summary>
    protected abstract IMachineProvider CreateProvider();

    /// <summary>Kills what makes the one machine execute, without asking the provider.</summary>
    protected abstract void KillMachineFromOutside();

    /// <summary>The port, in the guest, of a program that sends back what it receives.</summary>
    protected abstract int EchoPort { get; }

    /// <summary>Whether somebody in the guest answers lines on COM1 with text, such as a shell.</summary>
    protected virtual bool AnswersOnSerialPort => false;

    /// <summary>Fails when something of a machine that has ended is left: a process, a socket, a file.</summary>
    protected abstract Task AssertNothingLeftAsync();

    /// <summary>What the machine's configuration says to the provider.</summary>
    protected virtual IReadOnlyValues Configuration => new NoValues();

    /// <summary>A description of the machine to start.</summary>
    protected MachineStart Start(string? savedStateFile = null) => new()
    {
        MachineName = "Conformance, \"quoted\" & more",
        ConfigurationId = ConfigurationId,
        MemoryMegabytes = 128,
        Firmware = new FirmwareIdentity(Guid.NewGuid(), "bios", "board", "chassis", AssetTag),
        Configuration = Configuration,
        SavedStateFile = savedStateFile,
    };

    /// <summary>Starts a machine.</summary>
    protected Task<IRunningMachine> StartAsync(string? savedStateFile = null) => Wait.UntilAsync(
        CreateProvider().StartAsync(Start(savedStateFile), new Progress<int>(), CancellationToken.None), "the machine to start");

    /// <summary>
    /// Starts a machine for a test that looks at a guest which is up, and not at how it came up. A provider whose guests boot slowly may
    /// take it out of a saved state.
    /// </summary>
    protected virtual Task<IRunningMachine> StartWithGuestAsync() => StartAsync();

    [TearDown]
    public Task NothingIsLeft() => AssertNothingLeftAsync();

    [Test]
    public async Task A_started_machine_boots_a_guest_that_says_what_it_is()
    {
        await using IRunningMachine machine = await StartAsync();
        await using GuestConnection guest = await GuestConnection.ConnectAsync(machine);

        Assert.That(guest.Facts.OSName, Is.Not.Empty);
        Assert.That(guest.Facts.OSPlatformId, Is.EqualTo("2"));
        Assert.That(guest.Facts.Can(IntegrationCapabilities.Shutdown), Is.True);
        Assert.That(machine.Ended.IsCompleted, Is.False);
    }

    [Test]
    public async Task What_a_machine_uses_is_measured_and_a_reset_starts_the_counters_over_or_lets_them_go_on()
    {
        await using IRunningMachine machine = await StartAsync();
        Assert.That(machine.UsageMeter, Is.Not.Null);
        MachineUsage booted;
        await using (GuestConnection guest = await GuestConnection.ConnectAsync(machine))
        {
            booted = await machine.UsageMeter!.MeasureAsync(CancellationToken.None);
            Assert.That(booted.ProcessorTime, Is.GreaterThan(TimeSpan.Zero));
            Assert.That(booted.DiskBytesRead, Is.Not.Negative);
            Assert.That(booted.DiskBytesWritten, Is.Not.Negative);
        }

        await machine.ResetAsync(CancellationToken.None);
        MachineUsage reset = await machine.UsageMeter.MeasureAsync(CancellationToken.None);

        Assert.That(reset.Generation != booted.Generation || reset.ProcessorTime >= booted.ProcessorTime, Is.True, $"{booted}, then {reset}");
    }

    [Test]
    public async Task The_guest_reads_its_machine_s_asset_tag_from_its_firmware()
    {
        await using IRunningMachine machine = await StartAsync();
        await using GuestConnection guest = await GuestConnection.ConnectAsync(machine);

        Response answer = await guest.AskAsync(id => Request.GetParameter(id, "ChassisAssetTag"));

        Assert.That(answer.Value, Is.EqualTo(AssetTag));
    }

    [Test]
    public async Task Progress_of_a_start_ends_at_100()
    {
        List<int> seen = [];
        await using IRunningMachine machine = await CreateProvider().StartAsync(Start(), new ImmediateProgress(seen.Add), CancellationToken.None);

        Assert.That(seen, Is.Ordered.And.All.InRange(0, 100));
        Assert.That(seen, Does.Contain(100));
    }

    [Test]
    public void A_start_that_is_given_up_leaves_nothing()
    {
        using CancellationTokenSource cancelled = new();
        cancelled.Cancel();

        Assert.That(
            async () => await CreateProvider().StartAsync(Start(), new Progress<int>(), cancelled.Token),
            Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task A_machine_that_is_turned_off_ends_and_says_so()
    {
        await using IRunningMachine machine = await StartWithGuestAsync();
        await using GuestConnection guest = await GuestConnection.ConnectAsync(machine);

        await Wait.UntilAsync(machine.TurnOffAsync(CancellationToken.None), "the machine to turn off");

        Assert.That((await machine.Ended).Reason, Is.EqualTo(MachineEndReason.TurnedOff));
        Assert.That(async () => await Wait.UntilAsync(guest.Bus.Completion, "the bus to end"), Throws.InstanceOf<BusException>());
    }

    [Test]
    public async Task A_machine_can_be_turned_off_while_its_guest_boots()
    {
        await using IRunningMachine machine = await StartAsync();

        await Wait.UntilAsync(machine.TurnOffAsync(CancellationToken.None), "the machine to turn off");

        Assert.That((await machine.Ended).Reason, Is.EqualTo(MachineEndReason.TurnedOff));
    }

    [Test]
    public async Task A_machine_that_has_ended_has_no_bus_and_takes_no_orders()
    {
        await using IRunningMachine machine = await StartAsync();

        // A paused guest does not connect.
        await machine.PauseAsync(CancellationToken.None);
        Task<Stream> waiting = machine.ConnectBusAsync(CancellationToken.None);
        await machine.DisposeAsync();

        Assert.That(async () => await Wait.UntilAsync(waiting, "the wait for the bus to end"), Throws.InstanceOf<IOException>());
        Assert.That(async () => await machine.ConnectBusAsync(CancellationToken.None), Throws.InstanceOf<IOException>());
        Assert.That(async () => await machine.PauseAsync(CancellationToken.None), Throws.InstanceOf<VirtualMachineException>());
        Assert.That(async () => await machine.ResetAsync(CancellationToken.None), Throws.InstanceOf<VirtualMachineException>());
        await machine.TurnOffAsync(CancellationToken.None);
        await machine.DisposeAsync();
    }

    [Test]
    public async Task A_wait_for_the_bus_can_be_given_up_and_begun_again()
    {
        await using IRunningMachine machine = await StartAsync();
        using CancellationTokenSource giveUp = new();
        giveUp.Cancel();
        Assert.That(async () => await machine.ConnectBusAsync(giveUp.Token), Throws.InstanceOf<OperationCanceledException>());

        await using GuestConnection guest = await GuestConnection.ConnectAsync(machine);

        Assert.That(guest.Facts.OSName, Is.Not.Empty);
    }

    [Test]
    public async Task The_guest_connects_again_after_its_link_was_lost()
    {
        await using IRunningMachine machine = await StartWithGuestAsync();
        await using (GuestConnection first = await GuestConnection.ConnectAsync(machine))
        {
            await first.Bus.CloseAsync();
        }

        await using GuestConnection second = await GuestConnection.ConnectAsync(machine);

        Assert.That(second.Facts.OSName, Is.Not.Empty);
    }

    [Test]
    public async Task A_paused_guest_does_not_answer_until_it_is_resumed()
    {
        await using IRunningMachine machine = await StartWithGuestAsync();
        await using GuestConnection guest = await GuestConnection.ConnectAsync(machine);
        await machine.PauseAsync(CancellationToken.None);
        await machine.PauseAsync(CancellationToken.None);

        Task<Response> answer = guest.AskAsync(id => Request.GetParameter(id, "VirtualMachineName"));
        Assert.That(
            async () => await answer.WaitAsync(TimeSpan.FromMilliseconds(300)), Throws.InstanceOf<TimeoutException>(), "a paused guest answered");
        await machine.ResumeAsync(CancellationToken.None);

        Assert.That((await answer).Error, Is.Null);
        Assert.That(machine.Ended.IsCompleted, Is.False);
    }

    [Test]
    public async Task Pauses_under_load_lose_no_byte()
    {
        await using IRunningMachine machine = await StartWithGuestAsync();
        await using GuestConnection guest = await GuestConnection.ConnectAsync(machine);
        BusChannelPair pair = await guest.Bus.OfferAsync(TcpRelayService.Name(EchoPort));
        byte[] sent = RandomNumberGenerator.GetBytes(8 * 1024 * 1024);
        int pauses = 0;
        Task sending = SendAsync();

        byte[] received = new byte[sent.Length];
        await using Stream input = pair.Input.AsStream();
        const int Part = 1024 * 1024;
        for (int at = 0; at < sent.Length; at += Part)
        {
            await Wait.UntilAsync(input.ReadExactlyAsync(received, at, Part).AsTask(), "the echo");
            await machine.PauseAsync(CancellationToken.None);
            pauses++;
            await machine.ResumeAsync(CancellationToken.None);
        }

        await Wait.UntilAsync(sending, "all bytes to be sent");
        Assert.That(received.AsSpan().SequenceEqual(sent), Is.True, "what came back is what was sent");
        Assert.That(await Wait.UntilAsync(input.ReadAsync(new byte[1]).AsTask(), "the end"), Is.Zero);
        Assert.That(pauses, Is.GreaterThan(1));

        async Task SendAsync()
        {
            await pair.Output.WriteAsync(sent);
            await pair.Output.CompleteAsync();
        }
    }

    [Test]
    public async Task A_reset_boots_the_guest_anew_in_the_same_machine()
    {
        await using IRunningMachine machine = await StartAsync();
        GuestConnection first = await GuestConnection.ConnectAsync(machine);
        await using (first)
        {
            await Wait.UntilAsync(machine.ResetAsync(CancellationToken.None), "the reset");
            Assert.That(async () => await Wait.UntilAsync(first.Bus.Completion, "the old bus to end"), Throws.InstanceOf<BusException>());
        }

        await using GuestConnection second = await GuestConnection.ConnectAsync(machine);

        Assert.That(second.Bus.Peer.SessionId, Is.Not.EqualTo(first.Bus.Peer.SessionId));
        Assert.That(machine.Ended.IsCompleted, Is.False);
    }

    [Test]
    public async Task A_paused_machine_can_be_reset_and_runs_then()
    {
        await using IRunningMachine machine = await StartWithGuestAsync();
        await using (await GuestConnection.ConnectAsync(machine))
        {
            await machine.PauseAsync(CancellationToken.None);
            await Wait.UntilAsync(machine.ResetAsync(CancellationToken.None), "the reset");
        }

        await using GuestConnection guest = await GuestConnection.ConnectAsync(machine);

        Assert.That(guest.Facts.OSName, Is.Not.Empty);
    }

    [Test]
    public async Task A_guest_that_shuts_down_powers_its_machine_off()
    {
        await using IRunningMachine machine = await StartWithGuestAsync();
        await using GuestConnection guest = await GuestConnection.ConnectAsync(machine);

        Response answer = await guest.AskAsync(id => Request.Shutdown(id, forced: true, restart: false));
        Assert.That(answer.Error, Is.Null, answer.Message);
        GuestShutdownStarted told = await guest.ReceiveAsync<GuestShutdownStarted>();
        MachineEnd end = await Wait.UntilAsync(machine.Ended, "the machine to power off");

        Assert.That(told.Kind, Is.EqualTo(GuestShutdownStarted.Shutdown));
        Assert.That(end.Reason, Is.EqualTo(MachineEndReason.GuestPoweredOff));
    }

    [Test]
    public async Task A_guest_that_restarts_comes_up_again_in_the_same_machine()
    {
        await using IRunningMachine machine = await StartWithGuestAsync();
        await using (GuestConnection guest = await GuestConnection.ConnectAsync(machine))
        {
            await guest.AskAsync(id => Request.Shutdown(id, forced: true, restart: true));
            await Wait.UntilAsync(guest.Bus.Completion.ContinueWith(_ => { }, TaskScheduler.Default), "the bus to end");
        }

        await using GuestConnection again = await GuestConnection.ConnectAsync(machine);

        Assert.That(again.Facts.OSName, Is.Not.Empty);
        Assert.That(machine.Ended.IsCompleted, Is.False);
    }

    [Test]
    public async Task A_killed_machine_is_noticed_with_the_reason_in_words()
    {
        await using IRunningMachine machine = await StartWithGuestAsync();
        await using GuestConnection guest = await GuestConnection.ConnectAsync(machine);

        KillMachineFromOutside();
        MachineEnd end = await Wait.UntilAsync(machine.Ended, "the death to be noticed", TimeSpan.FromSeconds(5));

        Assert.That(end.Reason, Is.EqualTo(MachineEndReason.Died));
        Assert.That(end.Description, Does.Contain("signal 9").Or.Contain("exit code"));
    }

    [Test]
    public async Task The_death_of_a_paused_machine_is_noticed()
    {
        await using IRunningMachine machine = await StartWithGuestAsync();
        await using GuestConnection guest = await GuestConnection.ConnectAsync(machine);
        await machine.PauseAsync(CancellationToken.None);

        KillMachineFromOutside();

        Assert.That((await Wait.UntilAsync(machine.Ended, "the death to be noticed")).Reason, Is.EqualTo(MachineEndReason.Died));
    }

    [Test]
    public async Task A_saved_machine_ends_and_can_be_restored()
    {
        using TestDirectory folder = new();
        string file = folder.PathOf("state.vsv");
        await using (IRunningMachine machine = await StartWithGuestAsync())
        {
            await using GuestConnection guest = await GuestConnection.ConnectAsync(machine);
            Response set = await guest.AskAsync(id => Request.SetParameter(id, "Kept", "across \"save\" and restore \u00e9"));
            Assert.That(set.Error, Is.Null, set.Message);

            await Wait.UntilAsync(machine.SaveAsync(file, new Progress<int>(), CancellationToken.None), "the save");
            Assert.That((await machine.Ended).Reason, Is.EqualTo(MachineEndReason.Saved));
        }

        Assert.That(Directory.GetFiles(folder.FullPath), Is.EqualTo(new[] { file }));
        await using IRunningMachine restored = await StartAsync(file);
        await using GuestConnection again = await GuestConnection.ConnectAsync(restored);
        Response kept = await again.AskAsync(id => Request.GetParameter(id, "Kept"));

        Assert.That(kept.Value, Is.EqualTo("across \"save\" and restore \u00e9"));
    }

    [Test]
    public async Task A_parameter_outlives_the_machine_s_power()
    {
        using TestDirectory folder = new();
        MachineStart start = Start() with { NonVolatileMemoryFile = folder.PathOf("memory.nvr") };
        for (int run = 0; run < 2; run++)
        {
            await using IRunningMachine machine = await Wait.UntilAsync(
                CreateProvider().StartAsync(start, new Progress<int>(), CancellationToken.None), "the machine to start");
            await using GuestConnection guest = await GuestConnection.ConnectAsync(machine);
            Response kept = await guest.AskAsync(id => Request.GetParameter(id, "Kept"));
            Assert.That(kept.Value, Is.EqualTo(run == 0 ? null : "over the power-off"));
            Assert.That((await guest.AskAsync(id => Request.SetParameter(id, "Kept", "over the power-off"))).Error, Is.Null);
        }
    }

    [Test]
    public async Task A_guest_s_clock_is_compared_with_the_host_s()
    {
        await using IRunningMachine machine = await StartWithGuestAsync();
        await using GuestConnection guest = await GuestConnection.ConnectAsync(machine);
        Assume.That(guest.Facts.Can(IntegrationCapabilities.Clock), Is.True);

        // Compared with a clock that goes an hour ahead, and not set: every guest's clock stays as it is.
        Response answer = await guest.AskAsync(id => Request.SynchronizeClock(id, DateTimeOffset.UtcNow.AddHours(1), set: false));

        Assert.That(answer.Error, Is.Null, answer.Message);
        Assert.That(
            TimeSpan.FromMilliseconds(long.Parse(answer.Value!, System.Globalization.CultureInfo.InvariantCulture)),
            Is.EqualTo(TimeSpan.FromHours(-1)).Within(TimeSpan.FromMinutes(10)));
    }

    [Test]
    public async Task A_paused_machine_can_be_saved()
    {
        using TestDirectory folder = new();
        await using IRunningMachine machine = await StartAsync();
        await machine.PauseAsync(CancellationToken.None);

        await Wait.UntilAsync(machine.SaveAsync(folder.PathOf("state.vsv"), new Progress<int>(), CancellationToken.None), "the save");

        Assert.That((await machine.Ended).Reason, Is.EqualTo(MachineEndReason.Saved));
    }

    [Test]
    public async Task A_save_that_fails_leaves_the_machine_running_and_no_file()
    {
        using TestDirectory folder = new();
        await using IRunningMachine machine = await StartWithGuestAsync();
        await using GuestConnection guest = await GuestConnection.ConnectAsync(machine);

        Assert.That(
            async () => await machine.SaveAsync(folder.PathOf("no such folder", "state.vsv"), new Progress<int>(), CancellationToken.None),
            Throws.InstanceOf<VirtualMachineException>());

        Assert.That((await guest.AskAsync(id => Request.GetParameter(id, "VirtualMachineName"))).Error, Is.Null);
        Assert.That(Directory.EnumerateFileSystemEntries(folder.FullPath), Is.Empty);
        Assert.That(machine.Ended.IsCompleted, Is.False);
    }

    [Test]
    public void A_missing_saved_state_is_refused()
    {
        using TestDirectory folder = new();

        Assert.That(
            async () => await StartAsync(folder.PathOf("missing.vsv")),
            Throws.InstanceOf<VirtualMachineException>().With.Property(nameof(VirtualMachineException.Error))
                .EqualTo(VirtualMachineError.SavedStateUnreadable));
    }

    [Test]
    public void A_damaged_saved_state_is_refused()
    {
        using TestDirectory folder = new();
        string file = folder.WriteText("damaged.vsv", "this was never a saved state");

        Assert.That(
            async () => await StartAsync(file),
            Throws.InstanceOf<VirtualMachineException>().With.Property(nameof(VirtualMachineException.Error))
                .EqualTo(VirtualMachineError.SavedStateUnreadable));
    }

    [Test]
    public async Task A_display_shows_what_is_typed_also_while_its_machine_is_paused()
    {
        await using IRunningMachine machine = await StartWithGuestAsync();
        Assume.That(machine.Display, Is.Not.Null);
        Assume.That(machine.Keyboard, Is.Not.Null);
        await using GuestConnection guest = await GuestConnection.ConnectAsync(machine);
        await WaitForPictureAsync(machine, picture => picture.Pixels.ToArray().Any(pixel => pixel != 0), "the guest to show something");
        await WaitUntilStillAsync(machine);
        uint[] before = (await machine.Display!.CaptureAsync(CancellationToken.None)).Pixels.ToArray();

        await machine.Keyboard!.SendAsync(
            [new KeyStroke(KeyboardKey.H, IsDown: true), new KeyStroke(KeyboardKey.H, IsDown: false)], CancellationToken.None);
        await WaitForPictureAsync(machine, picture => !picture.Pixels.Span.SequenceEqual(before), "the key to be shown");
        await machine.PauseAsync(CancellationToken.None);

        DisplayMode mode = await machine.Display.ReadModeAsync(CancellationToken.None);
        DisplayImage image = await machine.Display.CaptureAsync(CancellationToken.None);
        Assert.That((image.Width, image.Height), Is.EqualTo((mode.Width, mode.Height)));
        Assert.That(image.Pixels.Span.SequenceEqual(before), Is.False);
    }

    [Test]
    public async Task Devices_of_a_machine_that_has_ended_take_nothing()
    {
        await using IRunningMachine machine = await StartAsync();
        await machine.DisposeAsync();

        if (machine.Keyboard is { } keyboard)
        {
            Assert.That(
                async () => await keyboard.SendAsync([new KeyStroke(KeyboardKey.A, IsDown: true)], CancellationToken.None),
                Throws.InstanceOf<VirtualMachineException>());
        }

        foreach (ISerialDevice port in machine.SerialPorts)
        {
            int read = await Wait.UntilAsync(ReadToEndAsync(port), "the serial line to end");
            Assert.That(read, Is.Zero);
        }
    }

    [Test]
    public async Task Bytes_go_both_ways_over_a_serial_port_and_again_after_a_reset()
    {
        await using IRunningMachine machine = await StartAsync();
        Assume.That(AnswersOnSerialPort, Is.True);
        for (int boot = 0; boot < 2; boot++)
        {
            await using GuestConnection guest = await GuestConnection.ConnectAsync(machine);
            await machine.SerialPorts[0].WriteAsync(Encoding.ASCII.GetBytes("echo over the wire\r"), CancellationToken.None);

            string answer = await Wait.UntilAsync(ReadTextAsync(machine.SerialPorts[0], "\nover the wire"), "the answer over COM1");
            Assert.That(answer, Does.Contain("over the wire"));
            await Wait.UntilAsync(machine.ResetAsync(CancellationToken.None), "the reset");
        }
    }

    private static async Task WaitForPictureAsync(IRunningMachine machine, Predicate<DisplayImage> isWanted, string what) =>
        await Wait.UntilAsync(() => isWanted(machine.Display!.CaptureAsync(CancellationToken.None).Result), what, PictureLimit);

    /// <summary>Waits until the guest has shown the same for a second: it has booted, and waits for a person.</summary>
    private static async Task WaitUntilStillAsync(IRunningMachine machine)
    {
        uint[] last = [];
        System.Diagnostics.Stopwatch still = System.Diagnostics.Stopwatch.StartNew();
        await WaitForPictureAsync(
            machine,
            picture =>
            {
                if (!picture.Pixels.Span.SequenceEqual(last))
                {
                    last = picture.Pixels.ToArray();
                    still.Restart();
                }

                return still.Elapsed > TimeSpan.FromSeconds(1);
            },
            "the picture to be still");
    }

    private static async Task<int> ReadToEndAsync(ISerialDevice port)
    {
        byte[] buffer = new byte[4096];
        int count;
        do
        {
            count = await port.ReadAsync(buffer, CancellationToken.None);
        }
        while (count > 0);
        return count;
    }

    private static async Task<string> ReadTextAsync(ISerialDevice port, string end)
    {
        StringBuilder text = new();
        byte[] buffer = new byte[4096];
        while (!text.ToString().Contains(end, StringComparison.Ordinal))
        {
            int count = await port.ReadAsync(buffer, CancellationToken.None);
            Assert.That(count, Is.Not.Zero, "the line ended");
            text.Append(Encoding.ASCII.GetString(buffer, 0, count));
        }

        return text.ToString();
    }

    [Test]
    public async Task Ten_starts_and_kills_leave_nothing()
    {
        for (int round = 0; round < 10; round++)
        {
            await using IRunningMachine machine = await StartWithGuestAsync();
            await using GuestConnection guest = await GuestConnection.ConnectAsync(machine);
            KillMachineFromOutside();
            await Wait.UntilAsync(machine.Ended, "the death to be noticed");
        }

        await AssertNothingLeftAsync();
    }

    /// <summary>Reports where it is told, and not later on some thread.</summary>
    private sealed class ImmediateProgress(Action<int> report) : IProgress<int>
    {
        public void Report(int value) => report(value);
    }
}

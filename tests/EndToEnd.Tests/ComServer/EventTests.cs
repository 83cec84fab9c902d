using VpcComApi.EndToEnd.Tests.Cpp;
using VpcComApi.TestSupport;

namespace VpcComApi.EndToEnd.Tests.ComServer;

/// <summary>Events that are sent to sinks in other processes.</summary>
[TestFixture]
internal sealed class EventTests
{
    /// <summary>No call may wait for a sink; this is long enough for any that does not.</summary>
    private const int CallLimitMilliseconds = 5000;

    /// <summary>The size of a sector of a disc; the first descriptor is in the sector 16.</summary>
    private const int SectorBytes = 2048;

    private const string Start = """
        Set machine = CreateObject("VirtualPC.Application").FindVirtualMachine("Windows XP Mode")
        machine.Startup.WaitForCompletion 60000
        machine.TurnOff.WaitForCompletion 60000
        """;

    private const string ChangeMedia = """
        Set application = CreateObject("VirtualPC.Application")
        Set machine = application.FindVirtualMachine("Windows XP Mode")
        application.CreateFloppyDiskImage "C:\floppy.vfd", 2
        machine.FloppyDrives(1).AttachImage "C:\floppy.vfd"
        machine.FloppyDrives(1).ReleaseImage
        machine.DVDROMDrives(1).AttachImage "C:\disc.iso"
        machine.DVDROMDrives(1).ReleaseImage
        WScript.Echo "changed"
        """;

    private ComClient client = null!;

    private static IEnumerable<CppArchitecture> Architectures => [CppArchitecture.X64, CppArchitecture.X86];

    [OneTimeSetUp]
    public async Task Register() => client = await ComClient.CreateAsync(CppArchitecture.X64);

    [OneTimeTearDown]
    public async Task End_all()
    {
        if (client is not null)
        {
            await client.DisposeAsync();
        }
    }

    [TestCaseSource(nameof(Architectures))]
    public async Task A_sink_receives_events_of_states_and_configuration_in_order_until_it_is_detached(CppArchitecture architecture)
    {
        await using ComClient listening = await ComClient.CreateAsync(architecture);
        await using RunningProgram listener = listening.Start("listen");
        await listener.WaitForOutputAsync("listening");

        await listening.RunAsync("change", "3");
        await listening.RunScriptAsync(Start);
        await listener.WaitForOutputAsync("event 2 Windows XP Mode 1");
        await listener.WaitForOutputAsync("event 1 1\n");
        ProgramResult result = await listener.FinishAsync("\n");

        string[] machineEvents = [.. result.OutputLines.Where(line => line.StartsWith("event 6 test/", StringComparison.Ordinal))];
        string[] states =
        [
            .. result.OutputLines.Where(
                line => line.StartsWith("event 1 ", StringComparison.Ordinal) && line.Length == "event 1 5".Length),
        ];
        Assert.That(
            string.Join(", ", machineEvents),
            Is.EqualTo("event 6 test/count 1, event 6 test/count 2, event 6 test/count 3"),
            result.ToString());
        Assert.That(string.Join(", ", states), Is.EqualTo("event 1 3, event 1 5, event 1 8, event 1 1"), result.ToString());
        Assert.That(result.OutputLines, Does.Contain("event 2 Windows XP Mode 5"), "OnVMStateChange names the machine.");
        Assert.That(result.OutputLines, Does.Contain("event 3 1002"), "OnEventLogged: the machine was started.");
        Assert.That(result.OutputLines, Does.Contain("unadvise: 00000000").And.Contain("unadvise again: 80040200"));
    }

    [TestCaseSource(nameof(Architectures))]
    public async Task A_sink_receives_events_for_media_that_another_program_inserts_and_removes(CppArchitecture architecture)
    {
        await using ComClient listening = await ComClient.CreateAsync(architecture);
        byte[] disc = new byte[20 * SectorBytes];
        "CD001"u8.CopyTo(disc.AsSpan((16 * SectorBytes) + 1));
        await File.WriteAllBytesAsync(Path.Combine(listening.Windows.DriveC, "disc.iso"), disc);
        await using RunningProgram listener = listening.Start("listen-drives");
        await listener.WaitForOutputAsync("listening");

        IReadOnlyList<string> changes = await listening.RunScriptAsync(ChangeMedia);
        await listener.WaitForOutputAsync(@"event 2 C:\disc.iso");
        await listener.WaitForOutputAsync(@"event 2 C:\floppy.vfd");
        ProgramResult result = await listener.FinishAsync("\n");

        string[] events = [.. result.OutputLines.Where(line => line.StartsWith("event ", StringComparison.Ordinal))];
        Assert.That(changes, Is.EqualTo(["changed"]));
        Assert.That(
            events,
            Is.EquivalentTo([@"event 1 C:\floppy.vfd", @"event 2 C:\floppy.vfd", @"event 1 C:\disc.iso", @"event 2 C:\disc.iso"]),
            result.ToString());
    }

    [TestCaseSource(nameof(Architectures))]
    public async Task A_sink_receives_the_events_of_a_guest(CppArchitecture architecture)
    {
        await using ComClient listening = await ComClient.CreateAsync(architecture);
        await using RunningProgram listener = listening.Start("listen");
        await listener.WaitForOutputAsync("listening");

        await DoAsync("machine.Startup.WaitForCompletion 60000");
        await ReceiveAsync("9", "7 True");

        await TypeAsync("logon desktop", "logoff");
        await ReceiveAsync("11 0");
        await TypeAsync("logon seamless", "logoff /f");
        await ReceiveAsync("11 1");
        await TypeAsync("logon desktop");
        await DoAsync(
            "tries = 0",
            "Do Until machine.GuestOS.IsUserLoggedOn(1) Or tries = 1000",
            "tries = tries + 1",
            "Loop",
            "machine.GuestOS.Logoff.WaitForCompletion 60000");
        await ReceiveAsync("11 2");

        await TypeAsync("fault");
        await ReceiveAsync("4", "3", "7 False");
        await ReceiveTimesAsync(2, "9");
        await DoAsync("machine.Reset.WaitForCompletion 60000");
        await ReceiveTimesAsync(2, "3");
        await ReceiveTimesAsync(3, "9");

        await TypeAsync("uninstall");
        await ReceiveAsync("8");
        string[] forgotten = await DoAsync(
            "On Error Resume Next", "version = machine.GuestOS.IntegrationComponentsVersion", "WScript.Echo Hex(Err.Number)");
        Assert.That(forgotten, Is.EqualTo(["A0040504"]), "no components, no version");
        await TypeAsync("install");
        await ReceiveTimesAsync(4, "9");

        await DoAsync(
            "tries = 0",
            "Do Until machine.GuestOS.CanShutdown Or tries = 1000",
            "tries = tries + 1",
            "Loop",
            "machine.GuestOS.Shutdown(True).WaitForCompletion 60000");
        await ReceiveAsync("10", "2", "1 1", "2 Windows XP Mode 1");
        ProgramResult result = await listener.FinishAsync("\n");

        string[] lines = [.. result.OutputLines];
        Assert.That(
            Array.IndexOf(lines, "event 4"),
            Is.LessThan(Array.IndexOf(lines, "event 3")),
            "the fault comes before the reset that it causes");
        Assert.That(lines.Count(line => line == "event 4"), Is.EqualTo(1), result.ToString());
        Assert.That(lines.Count(line => line == "event 8"), Is.EqualTo(1), result.ToString());

        async Task<string[]> DoAsync(params string[] statements) =>
            [.. await listening.RunScriptAsync(
                "Set machine = CreateObject(\"VirtualPC.Application\").FindVirtualMachine(\"Windows XP "
                    + "Mode\")\r\n" + string.Join("\r\n", statements))];

        Task<string[]> TypeAsync(params string[] commands) => DoAsync(
            [.. commands.Select(command => $"machine.Keyboard.TypeAsciiText \"{command}\" & vbLf")]);

        async Task ReceiveAsync(params string[] events)
        {
            foreach (string text in events)
            {
                await listener.WaitForOutputAsync($"\nevent {text}\n");
            }
        }

        async Task ReceiveTimesAsync(int times, string text)
        {
            await Wait.UntilAsync(
                () =>
                    listener.Output.Split('\n')
                        .Count(line => line == $"event {text}") >= times, $"\"event {text}\" {times} times, after\n{listener.Output}");
        }
    }

    /// <summary>
    /// Started by name: the stop of a process from outside was seen to be without effect under Wine, once in three runs on a busy computer.
    /// </summary>
    [Test]
    [Explicit("A process that is stopped from outside does not always stay so under Wine.")]
    [Platform(Exclude = "Win", Reason = "Signals stop the guest.")]
    public async Task A_sink_receives_an_event_when_a_guest_s_heartbeat_has_stopped()
    {
        await using ComClient listening = await ComClient.CreateAsync(CppArchitecture.X64);
        await using RunningProgram listener = listening.Start("listen");
        await listener.WaitForOutputAsync("listening");
        await listening.RunScriptAsync("""
            Set machine = CreateObject("VirtualPC.Application").FindVirtualMachine("Windows XP Mode")
            machine.SetConfigurationValue "integration/microsoft/heartbeat/time", 5
            machine.Startup.WaitForCompletion 60000
            """);
        await listener.WaitForOutputAsync("\nevent 9\n");

        string guest = $"{listening.Windows.ProcessesOf("vmsrvc.exe").Single()}";
        await RunningProgram.RunAsync("kill", ["-STOP", guest]);
        await listener.WaitForOutputAsync("\nevent 5\n");
        await listener.WaitForOutputAsync("\nevent 4 Windows XP Mode\n");

        await RunningProgram.RunAsync("kill", ["-CONT", guest]);
        await listening.RunScriptAsync(
            "CreateObject(\"VirtualPC.Application\").FindVirtualMachine(\"Windows XP Mode\").TurnOff.WaitForCompletion 60000");
        await listener.FinishAsync("\n");
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "It mounts a small file system.")]
    public async Task A_sink_receives_an_event_for_a_full_disk_and_the_machine_pauses()
    {
        using TestDirectory folder = new();
        ProgramResult mounted = await RunningProgram.RunAsync("mount", ["-t", "tmpfs", "-o", "size=60m", "vpccomapi", folder.FullPath]);
        if (mounted.ExitCode != 0)
        {
            Assert.Ignore($"This needs the right to mount a small file system. {mounted.Error}");
        }

        try
        {
            await using ComClient listening = await ComClient.CreateAsync(CppArchitecture.X64);
            await using RunningProgram holder = listening.Start("hold");
            await holder.WaitForOutputAsync("holding");
            await listening.RunScriptAsync(
                $"CreateObject(\"VirtualPC.Application\").CreateVirtualMachine \"Small\", "
                    + $"\"{listening.Windows.ToWindowsPath(folder.PathOf("machine"))}\"");
            await using RunningProgram listener = listening.Start("listen-small");
            await listener.WaitForOutputAsync("listening");

            await listening.RunScriptAsync(
                "CreateObject(\"VirtualPC.Application\").FindVirtualMachine(\"Small\").Startup.WaitForCompletion 60000");
            await listener.WaitForOutputAsync("event 12 False\n");
            Assert.That(listener.Output, Does.Not.Contain("event 12 True"));
            await File.WriteAllBytesAsync(folder.PathOf("filler"), new byte[45 * 1024 * 1024]);
            await listener.WaitForOutputAsync("event 12 True\n");
            await listener.WaitForOutputAsync("event 1 6\n");

            await listening.RunScriptAsync(
                "CreateObject(\"VirtualPC.Application\").FindVirtualMachine(\"Small\").TurnOff.WaitForCompletion 60000");
            await listener.FinishAsync("\n");
            await holder.FinishAsync("\n");
        }
        finally
        {
            await RunningProgram.RunAsync("umount", ["--lazy", folder.FullPath]);
        }
    }

    [Test]
    public async Task A_drive_s_sink_receives_an_event_for_the_disc_of_the_integration_components()
    {
        await using ComClient listening = await ComClient.CreateAsync(CppArchitecture.X64);
        await listening.WaitForServerToEndAsync();
        string media = Path.Combine(listening.Windows.DriveC, "media");
        Directory.CreateDirectory(media);
        byte[] disc = new byte[20 * SectorBytes];
        "CD001"u8.CopyTo(disc.AsSpan((16 * SectorBytes) + 1));
        await File.WriteAllBytesAsync(Path.Combine(media, "vmsrvc-99.0.0.iso"), disc);

        // The server inherits its surroundings from the client that makes COM start it.
        await using RunningProgram listener = listening.Start(
            new Dictionary<string, string> { ["VPC_INTEGRATION_MEDIA"] = @"C:\media" }, "listen-drives");
        await listener.WaitForOutputAsync("listening");

        IReadOnlyList<string> lines = await listening.RunScriptAsync("""
            Set machine = CreateObject("VirtualPC.Application").FindVirtualMachine("Windows XP Mode")
            On Error Resume Next
            machine.GuestOS.InstallIntegrationComponents
            WScript.Echo "off: " & Hex(Err.Number)
            Err.Clear
            machine.Startup.WaitForCompletion 60000
            machine.GuestOS.InstallIntegrationComponents
            WScript.Echo "running: " & Hex(Err.Number) & " " & machine.DVDROMDrives(1).ImageFile
            machine.DVDROMDrives(1).ReleaseImage
            machine.TurnOff.WaitForCompletion -1
            """);
        await listener.WaitForOutputAsync(@"event 2 C:\media\vmsrvc-99.0.0.iso");
        ProgramResult result = await listener.FinishAsync("\n");

        Assert.That(string.Join('\n', lines), Is.EqualTo("off: A0040206\nrunning: 0 C:\\media\\vmsrvc-99.0.0.iso"));
        Assert.That(
            result.OutputLines.Where(line => line.StartsWith("event ", StringComparison.Ordinal)),
            Is.EqualTo([@"event 1 C:\media\vmsrvc-99.0.0.iso", @"event 2 C:\media\vmsrvc-99.0.0.iso"]));
    }

    [Test]
    public async Task A_sink_that_never_returns_holds_up_neither_callers_nor_other_sinks()
    {
        await using RunningProgram hanging = client.Start("hang");
        await hanging.WaitForOutputAsync("listening");
        await using RunningProgram listener = client.Start("listen");
        await listener.WaitForOutputAsync("listening");

        IReadOnlyList<string> changes = await client.RunAsync("change", "50");
        await listener.WaitForOutputAsync("event 6 test/count 50");
        await hanging.WaitForOutputAsync("event 6 test/count 1");
        hanging.Kill();
        await listener.FinishAsync("\n");

        Assert.That(int.Parse(changes[0].Split(' ')[1]), Is.LessThan(CallLimitMilliseconds), changes[0]);
    }

    [Test]
    public async Task A_sink_whose_process_has_died_is_dropped_and_the_others_continue()
    {
        await using RunningProgram victim = client.Start("listen");
        await victim.WaitForOutputAsync("listening");
        await using RunningProgram listener = client.Start("listen");
        await listener.WaitForOutputAsync("listening");

        victim.Kill();
        await client.RunAsync("change", "7");
        await listener.WaitForOutputAsync("event 6 test/count 7");

        // The server writes this to its event log.
        await listener.WaitForOutputAsync("event 3 5020");
        await listener.WaitForOutputAsync("event 1 5020");
        await listener.FinishAsync("\n");
    }
}

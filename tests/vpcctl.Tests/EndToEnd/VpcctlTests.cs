using System.IO.Pipes;
using System.Security.Cryptography;
using System.Text.Json;
using VpcComApi.TestSupport;
using VpcComApi.VirtualDisks;

namespace VpcComApi.CommandLine.Tests.EndToEnd;

/// <summary>The built program, with real guests, pipes, sockets and signals.</summary>
[Platform("Linux")]
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class VpcctlTests : IAsyncDisposable
{
    private const string Machine = VpcctlEnvironment.Machine;

    private readonly VpcctlEnvironment vpcctl = new();
    private readonly EchoServer server = new();
    private readonly string pipe = "vpcctl-test-" + Guid.NewGuid().ToString("N");

    private string PortText => server.Port.ToString(System.Globalization.CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        await vpcctl.DisposeAsync();
        await server.DisposeAsync();
    }

    [Test]
    public async Task A_machine_is_started_carries_bytes_and_is_stopped()
    {
        ProgramResult start = await vpcctl.DoAsync("start", Machine);
        Assert.That(start.Output, Is.EqualTo($"\"{Machine}\" is ready.\n"));
        await vpcctl.DoAsync("channel", Machine, "--pipe", pipe, "--port", PortText);

        await EchoAsync(1_000_000);

        Assert.That(await JsonAsync("list", "--json"), Does.Contain($"\"name\":\"{Machine}\",\"state\":\"Running\""));
        await vpcctl.DoAsync("stop", Machine);
        Assert.That(await JsonAsync("state", Machine, "--json"), Does.Contain("\"state\":\"TurnedOff\",").And.Contain("\"ready\":false"));
        Assert.That(vpcctl.Guests, Is.Empty);
    }

    [Test]
    public async Task Values_of_a_machine_have_the_types_that_their_keys_have_and_can_be_read_and_removed()
    {
        using TestDirectory folder = new();
        const string DriveType = "hardware/pci_bus/ide_adapter/ide_controller[@id=1]/location[@id=0]/drive_type";
        await vpcctl.DoAsync(
            "create", "New", "--folder", folder.FullPath, "--set", "hardware/memory/ram_size=128", "--set",
            "settings/undo_drives/enabled=true", "--set", DriveType + "=0",
            "--set", "customer/text:string=5");

        Assert.That(await JsonAsync("list", "--json"), Does.Contain("\"memoryMegabytes\":128"));
        string file = File.ReadAllText(folder.PathOf("New.vmc"));
        Assert.That(
            file, Does.Contain("<ram_size type=\"integer\">128</ram_size>").And.Contain("<enabled type=\"boolean\">true</enabled>"));
        Assert.That(file, Does.Contain("<drive_type type=\"integer\">0</drive_type>").And.Contain("<text type=\"string\">5</text>"));
        Assert.That((await vpcctl.DoAsync("config", "New", "get", "hardware/memory/ram_size", DriveType)).Output, Is.EqualTo("128\n0\n"));

        await vpcctl.DoAsync("config", "new", "set", "hardware/memory/ram_size=256", "customer/flag=false");
        Assert.That(
            await JsonAsync("config", "New", "list", "--json"),
            Does.Contain("{\"key\":\"customer/flag\",\"type\":\"boolean\",\"value\":\"false\"}"));
        await vpcctl.DoAsync("config", "New", "unset", "customer/flag");
        ProgramResult missing = await vpcctl.RunAsync("config", "New", "get", "customer/flag");
        Assert.That(missing.ExitCode, Is.EqualTo((int)ExitCode.Failed));
        Assert.That(missing.Error, Does.Contain("There is no value 'customer/flag'"));
        await vpcctl.DoAsync("remove", "New");
    }

    [TestCase("--memory", "1")]
    [TestCase("--disk", "/nowhere/disk.vhd")]
    [TestCase("--set", "hardware/memory/ram_size=1")]
    [TestCase("--set", "hardware/memory=x", Description = "There are elements below it.")]
    public async Task A_machine_that_is_refused_leaves_nothing(string option, string value)
    {
        using TestDirectory folder = new();

        ProgramResult result = await vpcctl.RunAsync("create", "New", "--folder", folder.PathOf("a/b"), option, value);

        Assert.That(result.ExitCode, Is.EqualTo((int)ExitCode.Failed), result.ToString());
        Assert.That(Directory.GetFileSystemEntries(folder.FullPath), Is.Empty);
        Assert.That(await JsonAsync("list", "--json"), Does.Not.Contain("\"New\""));
    }

    [Test]
    public async Task Open_channels_and_their_devices_can_be_seen_by_a_script()
    {
        await vpcctl.DoAsync("start", Machine);
        await vpcctl.DoAsync("channel", Machine, "--pipe", $@"\\.\pipe\{pipe}", "--port", PortText);
        await using NamedPipeClientStream client = await ConnectAsync();
        await client.WriteAsync(new byte[26]);
        await client.ReadExactlyAsync(new byte[26]);

        using JsonDocument channels = JsonDocument.Parse((await vpcctl.DoAsync("channels", Machine, "--json")).Output);
        JsonElement channel = channels.RootElement.EnumerateArray().Single();
        Assert.That(channel.GetProperty("machine").GetString(), Is.EqualTo(Machine));
        Assert.That(channel.GetProperty("pipe").GetString(), Is.EqualTo($@"\\.\pipe\{pipe}"));
        Assert.That(channel.GetProperty("port").GetInt32(), Is.EqualTo(server.Port));
        Assert.That(channel.GetProperty("clientConnected").GetBoolean(), Is.True);
        Assert.That(channel.GetProperty("bytesToGuest").GetInt64(), Is.EqualTo(26));
        Assert.That(channel.GetProperty("bytesToHost").GetInt64(), Is.EqualTo(26));

        using JsonDocument devices = JsonDocument.Parse((await vpcctl.DoAsync("devices", Machine, "--json")).Output);
        Assert.That(
            devices.RootElement.EnumerateArray().Select(device => device.GetProperty("name").GetString()),
            Is.EqualTo(Enumerable.Repeat("Virtual PC Integration Device", 2)));
        await vpcctl.DoAsync("stop", Machine, "--shutdown");
    }

    [Test]
    public async Task A_guest_s_screen_can_be_looked_at_and_typed_at()
    {
        using TestDirectory folder = new();
        string picture = folder.PathOf("screen.png");
        await vpcctl.DoAsync("start", Machine);
        await vpcctl.DoAsync("type", Machine, "echo " + new string('#', 200), "--enter");
        await vpcctl.DoAsync("type", Machine, "Key_A,DOWN,Key_LeftShift,Key_B,UP,Key_LeftShift", "--keys");

        ProgramResult screenshot = await vpcctl.DoAsync("screenshot", Machine, "--out", picture);

        Assert.That(screenshot.Output, Is.EqualTo($"{picture}: 640 x 400 pixels.\n"));
        Assert.That(File.ReadAllBytes(picture).AsSpan(1, 3).SequenceEqual("PNG"u8), Is.True);
        await vpcctl.DoAsync("stop", Machine);
    }

    [TestCase("INT")]
    [TestCase("TERM")]
    public async Task Up_runs_a_machine_until_it_is_asked_to_end_and_leaves_nothing(string signal)
    {
        await using RunningProgram up = vpcctl.Start("up", Machine, "--channel", $"{pipe}:{PortText}");
        await up.WaitForOutputAsync("is ready. Ctrl-C ends it.");
        await EchoAsync(100_000);
        Assert.That(await JsonAsync("list", "--json"), Does.Contain("\"state\":\"Running\""), "another command sees the machine");
        Assert.That(vpcctl.HostProcess, Is.Null, "up hosts the machine itself");

        await VpcctlEnvironment.SignalAsync(up.Id, signal);

        ProgramResult result = await up.FinishAsync();
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        Assert.That(result.Output, Does.EndWith($"\"{Machine}\" is off.\n"));
        Assert.That(vpcctl.Guests, Is.Empty);
    }

    [Test]
    public async Task Up_shows_a_machine_of_the_host_that_is_there_and_ends_it()
    {
        await vpcctl.DoAsync("start", Machine);
        await using RunningProgram up = vpcctl.Start("up", Machine);
        await up.WaitForOutputAsync("is ready. Ctrl-C ends it.");
        Assert.That(vpcctl.HostProcess, Is.Not.Null);

        await VpcctlEnvironment.SignalAsync(up.Id, "INT");

        ProgramResult result = await up.FinishAsync();
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        Assert.That(await JsonAsync("list", "--json"), Does.Contain("\"state\":\"TurnedOff\""));
    }

    [Test]
    public async Task Up_ends_with_its_own_exit_code_when_the_guest_is_killed()
    {
        await using RunningProgram up = vpcctl.Start("up", Machine);
        await up.WaitForOutputAsync("is ready. Ctrl-C ends it.");

        await VpcctlEnvironment.SignalAsync(vpcctl.Guests.Single(), "KILL");

        ProgramResult result = await up.FinishAsync();
        Assert.That(result.ExitCode, Is.EqualTo((int)ExitCode.MachineEnded), result.ToString());
        Assert.That(result.Error, Does.Contain(Machine).And.Contain("vpcctl log"));
        Assert.That((await vpcctl.DoAsync("log")).Output, Does.Contain("signal 9").IgnoreCase.Or.Contain("killed").IgnoreCase);
    }

    [Test]
    public async Task A_host_that_is_killed_takes_its_guests_along_and_the_next_command_works()
    {
        await vpcctl.DoAsync("start", Machine);
        int host = vpcctl.HostProcess!.Value;

        await VpcctlEnvironment.SignalAsync(host, "KILL");
        await Wait.UntilAsync(() => vpcctl.Guests.Count == 0, "the guests of the killed host to end");

        await vpcctl.DoAsync("start", Machine);
        Assert.That(vpcctl.HostProcess, Is.Not.Null.And.Not.EqualTo(host));
        await vpcctl.DoAsync("stop", Machine);
    }

    [Test]
    public async Task Two_commands_at_once_share_one_host()
    {
        ProgramResult[] results = await Task.WhenAll(
            vpcctl.RunAsync("create", "One"),
            vpcctl.RunAsync("create", "Two"),
            vpcctl.RunAsync("list"),
            vpcctl.RunAsync("list"));

        Assert.That(results.Select(result => result.ExitCode), Is.All.Zero, string.Join('\n', results.AsEnumerable()));
        Assert.That(await JsonAsync("list", "--json"), Does.Contain("\"One\"").And.Contain("\"Two\"").And.Contain($"\"{Machine}\""));
    }

    [Test]
    public async Task Only_one_of_two_starts_at_once_wins()
    {
        ProgramResult[] results = await Task.WhenAll(vpcctl.RunAsync("start", Machine), vpcctl.RunAsync("start", Machine));

        Assert.That(results.Select(result => result.ExitCode).Order(), Is.EqualTo([0, 1]), string.Join('\n', results.AsEnumerable()));
        await vpcctl.DoAsync("stop", Machine);
    }

    [Test]
    public async Task Failures_have_their_exit_codes_and_one_line_on_standard_error()
    {
        await AssertFailsAsync(ExitCode.NoSuchMachine, "\"Nobody\"", "start", "Nobody");
        await AssertFailsAsync(ExitCode.Failed, Machine, "stop", Machine);
        await AssertFailsAsync(ExitCode.Failed, Machine, "create", Machine);
        await vpcctl.DoAsync("start", Machine);
        int unused = UnusedPort();
        await AssertFailsAsync(
            ExitCode.Failed, $"{unused}", "channel", Machine, "--pipe", pipe, "--port", $"{unused}");
        await vpcctl.DoAsync("stop", Machine);
    }

    [Test]
    public async Task A_saved_machine_goes_on_from_its_saved_state_and_a_paused_one_is_seen_paused()
    {
        await vpcctl.DoAsync("start", Machine);
        await vpcctl.DoAsync("pause", Machine);
        Assert.That(await JsonAsync("list", "--json"), Does.Contain("\"state\":\"Paused\""));
        await vpcctl.DoAsync("resume", Machine);
        await vpcctl.DoAsync("save", Machine);
        Assert.That(await JsonAsync("list", "--json"), Does.Contain("\"state\":\"Saved\""));
        await vpcctl.DoAsync("start", Machine);
        await vpcctl.DoAsync("reset", Machine);
        await vpcctl.DoAsync("stop", Machine);
    }

    [Test]
    public async Task A_machine_is_made_and_removed()
    {
        await vpcctl.DoAsync("create", "Temporary", "--memory", "128");
        Assert.That(await JsonAsync("state", "temporary", "--json"), Does.Contain("\"memoryMegabytes\":128"));

        await vpcctl.DoAsync("remove", "temporary");

        Assert.That(await JsonAsync("list", "--json"), Does.Not.Contain("Temporary"));
        Assert.That(Directory.GetFiles(vpcctl.DataFolder, "Temporary*", SearchOption.AllDirectories), Is.Empty);
    }

    [Test]
    public async Task A_machine_is_made_with_a_disk_or_not_at_all()
    {
        using TestDirectory folder = new();
        string disk = folder.PathOf("it's a disk, mine.vhd");
        await AssertFailsAsync(ExitCode.Failed, disk, "create", "Disky", "--disk", disk);
        Assert.That(await JsonAsync("list", "--json"), Does.Not.Contain("Disky"));
        DiskCreation.CreateDynamic(disk, VirtualDiskLimits.MinimumSize);

        await vpcctl.DoAsync("create", "Disky", "--disk", disk);

        string configuration = Directory.GetFiles(vpcctl.DataFolder, "Disky.vmc", SearchOption.AllDirectories).Single();
        Assert.That(await File.ReadAllTextAsync(configuration), Does.Contain(disk));
        await vpcctl.DoAsync("remove", "Disky");
    }

    [Test]
    public async Task Output_that_nobody_watches_has_no_escape_sequences()
    {
        ProgramResult list = await vpcctl.DoAsync("list");
        ProgramResult failure = await vpcctl.RunAsync("start", "Nobody");

        Assert.That(list.Output + failure.Error, Does.Not.Contain('\u001b'));
        Assert.That(list.OutputLines[0], Does.StartWith("NAME"));
    }

    [Test]
    public async Task The_shell_completes_machine_names()
    {
        await vpcctl.DoAsync("list");

        ProgramResult result = await vpcctl.DoAsync("[suggest:12]", "vpcctl stop ");

        Assert.That(result.OutputLines, Does.Contain(Machine));
    }

    private async Task AssertFailsAsync(ExitCode exitCode, string named, params string[] arguments)
    {
        ProgramResult result = await vpcctl.RunAsync(arguments);
        Assert.That(result.ExitCode, Is.EqualTo((int)exitCode), result.ToString());
        Assert.That(result.Error.TrimEnd('\n'), Does.Contain(named).And.Not.Contain("\n"));
        Assert.That(result.Output, Is.Empty);
    }

    /// <summary>The output without white space between its tokens, after a proof that it is JSON.</summary>
    private async Task<string> JsonAsync(params string[] arguments)
    {
        using JsonDocument document = JsonDocument.Parse((await vpcctl.DoAsync(arguments)).Output);
        return JsonSerializer.Serialize(document.RootElement);
    }

    private async Task EchoAsync(int count)
    {
        byte[] sent = RandomNumberGenerator.GetBytes(count);
        byte[] received = new byte[count];
        await using NamedPipeClientStream client = await ConnectAsync();
        await Wait.UntilAsync(
            Task.WhenAll(client.WriteAsync(sent).AsTask(), client.ReadExactlyAsync(received).AsTask()), "the bytes to come back");
        Assert.That(received.AsSpan().SequenceEqual(sent), Is.True);
    }

    private async Task<NamedPipeClientStream> ConnectAsync()
    {
        NamedPipeClientStream client = new(".", pipe, PipeDirection.InOut, PipeOptions.Asynchronous);
        await client.ConnectAsync((int)Wait.DefaultLimit.TotalMilliseconds);
        return client;
    }

    private static int UnusedPort()
    {
        using System.Net.Sockets.TcpListener listener = new(System.Net.IPAddress.Loopback, port: 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }
}

using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using VpcComApi.TestSupport;
using VpcComApi.VpcBus;
using VpcComApi.VpcBus.Integration;
using VpcComApi.VpcBus.Relay;

namespace VpcComApi.GuestServices.Tests;

/// <summary>The program as people start it.</summary>
[CancelAfter(60_000)]
public sealed class VmsrvcProgramTests
{
    private static string Program => Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "vmsrvc.exe" : "vmsrvc");

    [Test]
    public async Task It_says_its_version()
    {
        ProgramResult result = await RunningProgram.RunAsync(Program, ["--version"]);

        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        Assert.That(result.Output, Does.StartWith(Service.GuestService.ComponentsVersion));
    }

    [Platform("Linux")]
    [TestCase("--help")]
    [TestCase("--version")]
    public async Task Output_that_cannot_be_written_is_a_failure_and_output_that_nobody_reads_ends_it(string argument)
    {
        ProgramResult full = await RunningProgram.RunAsync("bash", ["-c", "exec \"$@\" >/dev/full", "bash", Program, argument]);
        ProgramResult unread = await RunningProgram.RunAsync(
            "bash", ["-c", "exec 3> >(:); wait $!; exec \"$@\" >&3", "bash", Program, argument]);

        Assert.That(full.ExitCode, Is.EqualTo(ExitCode.Failure), full.ToString());
        Assert.That(full.Error, Does.Contain("No space left on device"));
        Assert.That(unread.ExitCode, Is.EqualTo(ExitCode.OutputClosed), unread.ToString());
        Assert.That(unread.Error, Is.Empty);
    }

    [Test]
    public async Task Without_a_bus_it_says_how_to_name_one()
    {
        ProgramResult result = await RunningProgram.RunAsync(Program, ["run"]);

        Assert.That(result.ExitCode, Is.EqualTo(1), result.ToString());
        Assert.That(result.Error, Does.Contain("--bus").And.Contain("VMSRVC_BUS").And.Contain("unix:PATH"));
    }

    [Test]
    public async Task An_address_that_is_none_is_named()
    {
        ProgramResult result = await RunningProgram.RunAsync(Program, ["run", "--bus", "nonsense"]);

        Assert.That(result.ExitCode, Is.EqualTo(1), result.ToString());
        Assert.That(result.Error, Does.Contain("'nonsense'"));
    }

    /// <summary>The forms that only the parser of command lines knows.</summary>
    [TestCase("--bus=nonsense")]
    [TestCase("--bus:nonsense")]
    public async Task An_address_may_be_given_in_other_forms(string argument)
    {
        ProgramResult result = await RunningProgram.RunAsync(Program, ["run", argument]);

        Assert.That(result.ExitCode, Is.EqualTo(1), result.ToString());
        Assert.That(result.Error, Does.Contain("'nonsense'"));
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "Signals end it.")]
    public async Task A_service_that_is_stopped_at_once_ends_in_order()
    {
        using TestDirectory logs = new();
        using HostSide host = new();
        await using RunningProgram service = StartService(host, logs);
        using Socket link = await host.AcceptAsync();

        // It waits for the greeting and has no host builder around it yet.
        await RunningProgram.RunAsync("kill", ["-TERM", $"{service.Id}"]);

        Assert.That((await service.FinishAsync()).ExitCode, Is.Zero);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task It_serves_a_host_lists_its_devices_and_stops_on_request(bool busFromEnvironment)
    {
        using TestDirectory logs = new();
        using HostSide host = new();
        string bus = host.Address.ToString()!;
        ProcessStartInfo startInfo = new(Program, ["run", .. busFromEnvironment ? (string[])[] : ["--bus", bus]])
        {
            Environment = { ["VMSRVC_LOGS"] = logs.FullPath, ["VMSRVC_BUS"] = busFromEnvironment ? bus : "unix:/not/used" },
        };
        await using RunningProgram service = RunningProgram.Start(startInfo);
        await using HostConnection connection = await host.ConnectAsync();
        Assert.That((await connection.ReceiveAsync<GuestFacts>()).Can(IntegrationCapabilities.Devices), Is.True);

        using TcpListener server = new(IPAddress.Loopback, 0);
        server.Start();
        string name = TcpRelayService.Name(((IPEndPoint)server.LocalEndpoint).Port);
        BusChannelPair pair = await Wait.UntilAsync(connection.Bus.OfferAsync(name), "the channel");

        ProgramResult devices = await RunningProgram.RunAsync(Program, ["devices", "--json"]);
        Assert.That(devices.ExitCode, Is.Zero, devices.ToString());
        using JsonDocument list = JsonDocument.Parse(devices.Output);
        JsonElement[] own =
            [.. list.RootElement.EnumerateArray().Where(device => device.GetProperty("processId").GetInt32() == service.Id)];
        Assert.That(own, Has.Length.EqualTo(2));
        Assert.That(own.Select(device => device.GetProperty("name").GetString()), Is.All.EqualTo("Virtual PC Integration Device"));
        Assert.That(own.Select(device => device.GetProperty("service").GetString()), Is.All.EqualTo(name));
        ProgramResult table = await RunningProgram.RunAsync(Program, ["devices"]);
        Assert.That(table.Output, Does.Contain("Virtual PC Integration Device").And.Contain(name), table.ToString());

        if (!OperatingSystem.IsWindows())
        {
            await RunningProgram.RunAsync("kill", ["-TERM", $"{service.Id}"]);
            ProgramResult ended = await service.FinishAsync();
            Assert.That(ended.ExitCode, Is.Zero, ended.ToString());
            Assert.That(async () => await Wait.UntilAsync(pair.Completion, "the channel to end"), Throws.InstanceOf<BusException>());
            string log = await File.ReadAllTextAsync(Directory.GetFiles(logs.FullPath).Single());
            Assert.That(log, Does.Contain("The guest service is connected to its host").And.Contain("The guest service stops"));
        }
    }

    [Test]
    public async Task An_announced_removal_is_reported_to_the_host()
    {
        using TestDirectory logs = new();
        using HostSide host = new();
        await using RunningProgram service = StartService(host, logs);
        await using HostConnection connection = await host.ConnectAsync();
        await connection.ReceiveAsync<GuestFacts>();

        ProgramResult announced = await RunningProgram.RunAsync(Program, ["announce-removal"]);

        Assert.That(announced.ExitCode, Is.Zero, announced.ToString());
        await connection.ReceiveAsync<ComponentsRemoved>();
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "The package is Debian's.")]
    public async Task The_Debian_package_announces_its_removal_and_not_its_upgrade()
    {
        using TestDirectory logs = new();
        using HostSide host = new();
        await using RunningProgram service = StartService(host, logs);
        await using HostConnection connection = await host.ConnectAsync();
        await connection.ReceiveAsync<GuestFacts>();

        await PrermAsync("upgrade");
        Assert.That((await connection.AskAsync(id => Request.GetParameter(id, "any"))).Error, Is.Null);
        Assert.That(connection.PassedOver, Has.None.InstanceOf<ComponentsRemoved>(), "an upgrade is no removal");
        await PrermAsync("remove");

        await connection.ReceiveAsync<ComponentsRemoved>();
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "The package is Debian's.")]
    public async Task The_Debian_package_goes_although_no_service_runs_that_could_announce_it() => await PrermAsync("remove");

    [Test]
    [Platform(Exclude = "Win", Reason = "Signals end it.")]
    public async Task A_service_that_is_upgraded_in_mid_transfer_resets_its_connections_and_the_next_one_serves()
    {
        using TestDirectory logs = new();
        using HostSide host = new();
        using TcpListener server = new(IPAddress.Loopback, 0);
        server.Start();
        string name = TcpRelayService.Name(((IPEndPoint)server.LocalEndpoint).Port);
        await using RunningProgram old = StartService(host, logs);
        await using HostConnection before = await host.ConnectAsync();
        BusChannelPair pair = await Wait.UntilAsync(before.Bus.OfferAsync(name), "the channel");
        using TcpClient connection = await Wait.UntilAsync(server.AcceptTcpClientAsync(), "the guest service's connection");
        await pair.Output.WriteAsync(new byte[1000]);
        await connection.GetStream().ReadExactlyAsync(new byte[1000]);

        await RunningProgram.RunAsync("kill", ["-TERM", $"{old.Id}"]);
        Assert.That((await old.FinishAsync()).ExitCode, Is.Zero);
        await using RunningProgram upgraded = StartService(host, logs);

        Assert.That(async () => await Wait.UntilAsync(pair.Completion, "the channel to end"), Throws.InstanceOf<BusException>());
        Assert.That(
            async () => await connection.GetStream().ReadExactlyAsync(new byte[1]),
            Throws.InstanceOf<IOException>().With.InnerException.TypeOf<SocketException>(),
            "a reset, which the server cannot take for the end of the bytes");
        await using HostConnection after = await host.ConnectAsync();
        BusChannelPair next = await Wait.UntilAsync(after.Bus.OfferAsync(name), "the next channel");
        await next.DisposeAsync();
        await RunningProgram.RunAsync("kill", ["-TERM", $"{upgraded.Id}"]);
        await upgraded.FinishAsync();
    }

    private static RunningProgram StartService(HostSide host, TestDirectory logs) =>
        RunningProgram.Start(new ProcessStartInfo(Program, ["run", "--bus", host.Address.ToString()!])
        {
            Environment = { ["VMSRVC_LOGS"] = logs.FullPath },
        });

    /// <summary>Runs the package's script for a step, as dpkg does before it removes files.</summary>
    private static async Task PrermAsync(string step)
    {
        await using RunningProgram script = RunningProgram.Start(
            new ProcessStartInfo("sh", [Path.Combine(RepositoryPaths.Root, "build", "packages", "prerm"), step])
        {
            Environment = { ["PATH"] = Path.GetDirectoryName(Program) + ":" + Environment.GetEnvironmentVariable("PATH") },
        });
        ProgramResult result = await script.FinishAsync();
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
    }
}

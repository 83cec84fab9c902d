using System.Text.Json;
using VpcComApi.TestSupport;

namespace VpcComApi.EndToEnd.Tests.RealClients;

/// <summary>
/// vpcctl on Windows: one more COM client. It has a Windows of its own, with its own registration and its own machines, so that whatever it
/// does to them no other test can see.
/// </summary>
[TestFixture]
internal sealed class CommandLineTests
{
    private const string Machine = "Made by vpcctl";

    /// <summary>tcpmux, which nobody serves.</summary>
    private const string PortOfNobody = "1";

    private WineEnvironment windows = null!;

    [OneTimeSetUp]
    public async Task Register()
    {
        ToolRequirement.Require(ExternalTool.Wine);
        windows = await WineEnvironment.CreateAsync();
        ProgramResult registration = await windows.RunAsync(PublishedProducts.ComServer, ["/RegServer"]);
        Assert.That(registration.ExitCode, Is.Zero, registration.ToString());
    }

    [OneTimeTearDown]
    public async Task Unregister()
    {
        if (windows is not null)
        {
            await windows.RunAsync(PublishedProducts.ComServer, ["/UnregServer"]);
            await windows.DisposeAsync();
        }
    }

    [Test]
    public async Task The_life_cycle_of_a_machine_works_through_COM()
    {
        await DoAsync("create", Machine, "--memory", "128");
        try
        {
            await DoAsync("start", Machine);
            Assert.That(await StateAsync(), Is.EqualTo(("Running", true)));
            await AssertFailsAsync(1, "VM_E_VM_RUNNING", "start", Machine);
            await AssertFailsAsync(1, "0x800704C9", "channel", Machine, "--pipe", "nobody", "--port", PortOfNobody);
            await DoAsync("pause", Machine);
            Assert.That((await StateAsync()).State, Is.EqualTo("Paused"));
            await DoAsync("resume", Machine);
            await DoAsync("stop", Machine, "--shutdown");
            Assert.That(await StateAsync(), Is.EqualTo(("TurnedOff", false)));
        }
        finally
        {
            await RunAsync("stop", Machine);
            await DoAsync("remove", Machine);
        }
    }

    [Test]
    public async Task Refusals_of_the_server_arrive_with_their_text_and_exit_code()
    {
        await AssertFailsAsync(3, "\"Nobody\"", "state", "Nobody");
        await AssertFailsAsync(1, "VM_E_CONFIG_DUPLICATE_NAME", "create", "Windows XP Mode");
        await AssertFailsAsync(1, "VM_E_VM_NOT_RUNNING", "pause", "Windows XP Mode");
    }

    [Test]
    public async Task What_the_contract_has_no_member_for_is_said()
    {
        await AssertFailsAsync(1, "COM contract", "channels");
        await AssertFailsAsync(1, "COM contract", "devices", "Windows XP Mode");
    }

    [Test]
    public async Task The_list_names_the_machines()
    {
        using JsonDocument list = JsonDocument.Parse((await DoAsync("list", "--json")).Output);

        Assert.That(
            list.RootElement.GetProperty("machines").EnumerateArray().Select(machine => machine.GetProperty("name").GetString()),
            Does.Contain("Windows XP Mode"));
    }

    private async Task<(string? State, bool Ready)> StateAsync()
    {
        using JsonDocument state = JsonDocument.Parse((await DoAsync("state", Machine, "--json")).Output);
        return (state.RootElement.GetProperty("state").GetString(), state.RootElement.GetProperty("ready").GetBoolean());
    }

    private async Task<ProgramResult> DoAsync(params string[] arguments)
    {
        ProgramResult result = await RunAsync(arguments);
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        return result;
    }

    private async Task AssertFailsAsync(int exitCode, string named, params string[] arguments)
    {
        ProgramResult result = await RunAsync(arguments);
        Assert.That(result.ExitCode, Is.EqualTo(exitCode), result.ToString());

        // Windows passes the server's text to an early-bound client; Wine 8 does not, and then the name of the HRESULT is shown.
        Assert.That(result.Error.TrimEnd('\n'), Does.Not.Contain("\n"));
        Assert.That(result.Error, OperatingSystem.IsWindows() ? Is.Not.Empty : Does.Contain(named));
    }

    private Task<ProgramResult> RunAsync(params string[] arguments) => windows.RunAsync(
        Path.Combine(PublishedProducts.WindowsFolder, "vpcctl.exe"), arguments, limit: RegisteredServer.ClientLimit);
}

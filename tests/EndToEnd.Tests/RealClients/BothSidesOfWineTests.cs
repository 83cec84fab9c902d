using System.Diagnostics;
using VpcComApi.TestSupport;

namespace VpcComApi.EndToEnd.Tests.RealClients;

/// <summary>
/// One .vmc file in the lists of a host under Wine and of a host outside Wine: the one that starts the machine first excludes the other.
/// </summary>
[TestFixture]
[Platform("Linux", Reason = "On Windows there is one side.")]
internal sealed class BothSidesOfWineTests
{
    private const string Machine = "On both sides";

    private WineEnvironment windows = null!;
    private TestDirectory machines = null!;
    private TestDirectory data = null!;

    private string Configuration => machines.PathOf(Machine + ".vmc");

    [SetUp]
    public async Task Register()
    {
        ToolRequirement.Require(ExternalTool.Wine);
        machines = new TestDirectory();
        data = new TestDirectory();
        windows = await WineEnvironment.CreateAsync();
        ProgramResult registration = await windows.RunAsync(PublishedProducts.ComServer, ["/RegServer"]);
        Assert.That(registration.ExitCode, Is.Zero, registration.ToString());
    }

    [TearDown]
    public async Task Unregister()
    {
        foreach (int host in ProcessLedger.Find(data.FullPath))
        {
            using Process left = Process.GetProcessById(host);
            left.Kill();
        }

        if (windows is not null)
        {
            await windows.RunAsync(PublishedProducts.ComServer, ["/UnregServer"]);
            await windows.DisposeAsync();
        }

        machines.Dispose();
        data.Dispose();
    }

    [Test]
    public async Task A_machine_runs_on_one_side_at_a_time()
    {
        await SucceedAsync(WindowsAsync("create", Machine, "--folder", windows.ToWindowsPath(machines.FullPath)));
        await SucceedAsync(NativeAsync("list"));
        await File.AppendAllLinesAsync(data.PathOf("Registrations.txt"), [Configuration]);

        await SucceedAsync(WindowsAsync("start", Machine));
        await AssertInUseAsync(NativeAsync("start", Machine));
        await AssertInUseAsync(NativeAsync("remove", Machine));
        Assert.That(Configuration, Does.Exist);
        await SucceedAsync(WindowsAsync("stop", Machine));

        await SucceedAsync(NativeAsync("start", Machine));
        ProgramResult refused = await WindowsAsync("start", Machine);
        Assert.That(refused.ExitCode, Is.EqualTo(1), refused.ToString());
        Assert.That(refused.Error, Does.Contain("VM_E_VM_RUNNING"));
        await SucceedAsync(NativeAsync("stop", Machine));
        await SucceedAsync(WindowsAsync("remove", Machine));
        Assert.That(Configuration, Does.Not.Exist);
    }

    private static async Task SucceedAsync(Task<ProgramResult> running)
    {
        ProgramResult result = await running;
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
    }

    private static async Task AssertInUseAsync(Task<ProgramResult> running)
    {
        ProgramResult result = await running;
        Assert.That(result.ExitCode, Is.EqualTo(1), result.ToString());
        Assert.That(result.Error, Does.Contain("in use by another process"));
    }

    private Task<ProgramResult> WindowsAsync(params string[] arguments) =>
        windows.RunAsync(Path.Combine(PublishedProducts.WindowsFolder, "vpcctl.exe"), arguments, limit: RegisteredServer.ClientLimit);

    private async Task<ProgramResult> NativeAsync(params string[] arguments)
    {
        ProcessStartInfo startInfo = new(PublishedProducts.CommandLine, arguments);
        startInfo.Environment["VPC_DATA_FOLDER"] = data.FullPath;
        await using RunningProgram program = RunningProgram.Start(startInfo);
        return await program.FinishAsync();
    }
}

using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines.Machines;
using VpcComApi.VirtualMachines.Tasks;

namespace VpcComApi.VirtualMachines.Tests;

/// <summary>A host over a folder of a test's own, with a provider in memory.</summary>
internal sealed class HostFixture : IAsyncDisposable
{
    private readonly TestDirectory? ownFolder;

    /// <summary>Opens a host.</summary>
    /// <param name="folder">The data folder; a new one by default.</param>
    /// <param name="timeProvider">The clock; the system's by default.</param>
    public HostFixture(string? folder = null, TimeProvider? timeProvider = null)
    {
        ownFolder = folder is null ? new TestDirectory() : null;
        Folder = folder ?? ownFolder!.FullPath;
        Host = VirtualMachineHost.Open(new VirtualMachineHostOptions
        {
            DataFolder = Folder,
            Providers = [Provider],
            LoggerFactory = Log,
            TimeProvider = timeProvider ?? TimeProvider.System,
            HostSystem = Computer,
            IntegrationMediaFolder = IntegrationMediaFolder,
        });
    }

    /// <summary>The data folder.</summary>
    public string Folder { get; }

    /// <summary>The folder of the integration media. Tests create it and its content.</summary>
    public string IntegrationMediaFolder => Path.Combine(Folder, "media");

    /// <summary>The provider.</summary>
    public FakeProvider Provider { get; } = new();

    /// <summary>The computer.</summary>
    public FakeHostSystem Computer { get; } = new();

    /// <summary>What was logged.</summary>
    public LogRecorder Log { get; } = new();

    /// <summary>The host.</summary>
    public VirtualMachineHost Host { get; }

    /// <summary>The machine that is there on first use.</summary>
    public VirtualMachine Machine => Host.FindVirtualMachine(VirtualMachineHost.FirstMachineName)!;

    /// <summary>Waits for a task and expects that it succeeds.</summary>
    public static async Task SucceedAsync(MachineTask task)
    {
        await Wait.UntilAsync(task.Completion, task.Description);
        Assert.That(task.Error?.ToString(), Is.Null, task.Description);
    }

    /// <summary>Starts the machine and waits until it runs.</summary>
    public async Task<FakeRunningMachine> StartAsync()
    {
        await SucceedAsync(Machine.Startup(StartupOption.Normal));
        return Provider.Last;
    }

    /// <summary>Waits for a state.</summary>
    public Task WaitForAsync(MachineState state) => Wait.UntilAsync(() => Machine.State == state, $"the state {state}");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        ownFolder?.Dispose();
    }
}

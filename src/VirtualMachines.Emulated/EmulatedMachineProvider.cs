using Microsoft.Extensions.Logging;
using VpcComApi.VirtualMachines.Emulated.Processes;
using VpcComApi.VirtualMachines.Emulated.SavedState;
using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.VirtualMachines.Emulated;

/// <summary>Runs machines whose guest is a process beside the host process: the guest service, on the host's own operating system.</summary>
/// <param name="options">How they are run.</param>
public sealed class EmulatedMachineProvider(EmulatedMachineOptions options) : IMachineProvider
{
    /// <summary>The value of <see cref="Name"/>.</summary>
    public const string ProviderName = "emulated";

    private static readonly Dictionary<string, string> NoParameters = [];

    private readonly ILogger logger = options.LoggerFactory.CreateLogger<EmulatedMachineProvider>();

    /// <summary>Makes a provider with the options' defaults.</summary>
    public EmulatedMachineProvider()
        : this(new EmulatedMachineOptions())
    {
    }

    /// <inheritdoc/>
    public string Name => ProviderName;

    /// <inheritdoc/>
    public async Task<IRunningMachine> StartAsync(MachineStart start, IProgress<int> progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(start);
        ArgumentNullException.ThrowIfNull(progress);
        cancellationToken.ThrowIfCancellationRequested();
        progress.Report(0);

        string program = GuestServiceProgram.Find(options.GuestServicePath);
        IReadOnlyDictionary<string, string> parameters = start.SavedStateFile is { } path
            ? (await EmulatedStateFile.ReadAsync(path, start.ConfigurationId, cancellationToken)).Parameters
            : NoParameters;

        EmulatedMachine machine = await EmulatedMachine.StartAsync(program, start, new GuestMemory(parameters), logger);
        if (cancellationToken.IsCancellationRequested)
        {
            await machine.DisposeAsync();
            cancellationToken.ThrowIfCancellationRequested();
        }

        progress.Report(100);
        return machine;
    }
}

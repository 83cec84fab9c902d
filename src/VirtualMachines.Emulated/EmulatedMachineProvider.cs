using Microsoft.Extensions.Logging;
using VpcComApi.VirtualMachines.Emulated.Processes;
using VpcComApi.VirtualMachines.Emulated.SavedState;
using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.VirtualMachines.Emulated;

/// <summary>
/// Runs machines whose guest is a process on the host's own operating system, which runs the guest service.
/// </summary>
/// <param name="options">The options.</param>
public sealed class EmulatedMachineProvider(EmulatedMachineOptions options) : IMachineProvider
{
    /// <summary>The value of <see cref="Name"/>.</summary>
    public const string ProviderName = "emulated";

    private static readonly Dictionary<string, string> NoParameters = [];

    private readonly ILogger logger = options.LoggerFactory.CreateLogger<EmulatedMachineProvider>();

    /// <summary>Creates a provider with default options.</summary>
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
            : await ReadMemoryAsync(start, cancellationToken);

        GuestMemory memory = new(parameters, changed => Keep(start, changed));
        EmulatedMachine machine = await EmulatedMachine.StartAsync(program, start, memory, logger);
        if (cancellationToken.IsCancellationRequested)
        {
            await machine.DisposeAsync();
            cancellationToken.ThrowIfCancellationRequested();
        }

        progress.Report(100);
        return machine;
    }

    /// <inheritdoc/>
    /// <remarks>Nothing to release: its machines own their resources, and have ended before.</remarks>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Reads the non-volatile memory that the machine had when it was turned off. An unreadable file is renamed.</summary>
    private async Task<IReadOnlyDictionary<string, string>> ReadMemoryAsync(MachineStart start, CancellationToken cancellationToken)
    {
        if (start.NonVolatileMemoryFile is not { } path || !File.Exists(path))
        {
            return NoParameters;
        }

        try
        {
            return (await EmulatedStateFile.ReadAsync(path, start.ConfigurationId, cancellationToken)).Parameters;
        }
        catch (VirtualMachineException e)
        {
            string putAside = path + ".damaged";
            EmulatedMachineLog.MemoryUnreadable(logger, e, start.MachineName, path, putAside);
            File.Move(path, putAside, overwrite: true);
            return NoParameters;
        }
    }

    /// <summary>Writes the non-volatile memory, before the guest gets the answer that it is stored.</summary>
    private bool Keep(MachineStart start, IReadOnlyDictionary<string, string> parameters)
    {
        if (start.NonVolatileMemoryFile is not { } path)
        {
            return true;
        }

        try
        {
            EmulatedState state = new() { ConfigurationId = start.ConfigurationId, Parameters = parameters };
#pragma warning disable VSTHRD002 // The board is served by a thread of its own, which answers when the memory is kept.
            EmulatedStateFile.WriteAsync(path, state, CancellationToken.None).GetAwaiter().GetResult();
#pragma warning restore VSTHRD002
            return true;
        }
        catch (VirtualMachineException e)
        {
            EmulatedMachineLog.MemoryNotWritten(logger, e, start.MachineName);
            return false;
        }
    }
}

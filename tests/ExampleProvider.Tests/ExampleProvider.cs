using System.Collections.Concurrent;
using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.ExampleProvider.Tests;

/// <summary>
/// A small provider, to read and to begin with. Its guests are objects in the host's own process, so there is no display, no disk and no
/// protection; all else is as in any provider. docs/providers.md explains it step by step.
/// </summary>
internal sealed class ExampleProvider : IMachineProvider
{
    private readonly ConcurrentBag<ExampleMachine> machines = [];

    /// <inheritdoc/>
    public string Name => "example";

    /// <summary>The machines that have not ended.</summary>
    public IReadOnlyList<ExampleMachine> Running => [.. machines.Where(machine => !machine.Ended.IsCompleted)];

    /// <inheritdoc/>
    public async Task<IRunningMachine> StartAsync(MachineStart start, IProgress<int> progress, CancellationToken cancellationToken)
    {
        progress.Report(0);
        cancellationToken.ThrowIfCancellationRequested();
        string? file = start.SavedStateFile ?? (File.Exists(start.NonVolatileMemoryFile) ? start.NonVolatileMemoryFile : null);
        ExampleState state = file is null
            ? new ExampleState(start.ConfigurationId, new ConcurrentDictionary<string, string>())
            : await ExampleState.ReadAsync(file, start.ConfigurationId, cancellationToken);
        ExampleMachine machine = ExampleMachine.PowerUp(start, state);
        machines.Add(machine);
        progress.Report(100);
        return machine;
    }

    /// <inheritdoc/>
    /// <remarks>
    /// What a provider holds for all of its machines would be released here: an internal network, a folder, a helper process.
    /// </remarks>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

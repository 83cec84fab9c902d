using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.ComServer.Tests.States;

/// <summary>A running machine without a guest, whose steps wait while they are held.</summary>
/// <param name="holds">Returns whether a step waits, and until when.</param>
internal sealed class HeldMachine(HeldProvider holds) : IRunningMachine
{
    private readonly TaskCompletionSource<MachineEnd> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <inheritdoc/>
    public Task<MachineEnd> Ended => ended.Task;

    /// <inheritdoc/>
    public MachineCapabilities Capabilities => MachineCapabilities.Save;

    /// <inheritdoc/>
    public async Task<Stream> ConnectBusAsync(CancellationToken cancellationToken)
    {
        await ended.Task.WaitAsync(cancellationToken);
        throw new IOException("The machine has ended.");
    }

    /// <inheritdoc/>
    public Task PauseAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task ResumeAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task ResetAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task SaveAsync(string path, IProgress<int> progress, CancellationToken cancellationToken)
    {
        await holds.PassAsync();
        await File.WriteAllTextAsync(path, "saved state", cancellationToken);
        ended.TrySetResult(new MachineEnd(MachineEndReason.Saved, "saved"));
    }

    /// <inheritdoc/>
    public async Task TurnOffAsync(CancellationToken cancellationToken)
    {
        await holds.PassAsync();
        ended.TrySetResult(new MachineEnd(MachineEndReason.TurnedOff, "turned off"));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        ended.TrySetResult(new MachineEnd(MachineEndReason.TurnedOff, "disposed"));
        return ValueTask.CompletedTask;
    }
}

using VpcComApi.VpcBus.Integration;

namespace VpcComApi.GuestServices.Machines.Emulated;

/// <summary>An emulated machine: the guest is this process, so it shuts down by ending with an exit code that the machine understands.</summary>
/// <param name="board">The machine's board.</param>
internal sealed class EmulatedGuestMachine(EmulatedBoard board) : IGuestMachine
{
    private readonly TaskCompletionSource<bool> shutdown = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <inheritdoc/>
    public IReadOnlyList<string> Capabilities { get; } =
    [
        IntegrationCapabilities.Shutdown,
        IntegrationCapabilities.Logoff,
        IntegrationCapabilities.Parameters,
        IntegrationCapabilities.Sessions,
        IntegrationCapabilities.Devices,
    ];

    /// <inheritdoc/>
    public IParameterStore Parameters { get; } = new EmulatedParameterStore(board);

    /// <inheritdoc/>
    public ILogonSessions Sessions { get; } = new NoLogonSessions();

    /// <summary>Completes when the guest has been asked to end; the result is whether it is to start again.</summary>
    public Task<bool> ShutdownRequested => shutdown.Task;

    /// <inheritdoc/>
    public void CheckShutdown(bool forced)
    {
        if (shutdown.Task.IsCompleted)
        {
            throw new RequestRefusedException(IntegrationErrors.ShutdownInProgress, "The guest is shutting down already.");
        }
    }

    /// <inheritdoc/>
    public Task ShutdownAsync(bool forced, bool restart, CancellationToken cancellationToken)
    {
        shutdown.TrySetResult(restart);
        return Task.CompletedTask;
    }
}

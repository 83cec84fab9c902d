using VpcComApi.GuestServices.Terminals;
using VpcComApi.VpcBus.Integration;

namespace VpcComApi.GuestServices.Machines.Emulated;

/// <summary>
/// An emulated machine: the guest is this process, so it shuts down by ending with an exit code that the host knows.
/// </summary>
/// <param name="board">The machine's board.</param>
/// <param name="screen">The guest's screen.</param>
/// <param name="timeProvider">The host's clock.</param>
internal sealed class EmulatedGuestMachine(EmulatedBoard board, TextScreen screen, TimeProvider timeProvider) : IGuestMachine
{
    private readonly TaskCompletionSource<bool> shutdown = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile IHostNotifier? host;
    private volatile TaskCompletionSource componentsRemoved = NewSignal();
    private volatile TaskCompletionSource componentsBack = NewSignal();

    /// <inheritdoc/>
    public IReadOnlyList<string> Capabilities { get; } =
    [
        IntegrationCapabilities.Shutdown,
        IntegrationCapabilities.Logoff,
        IntegrationCapabilities.Parameters,
        IntegrationCapabilities.Sessions,
        IntegrationCapabilities.Devices,
        IntegrationCapabilities.Display,
        IntegrationCapabilities.Clock,
    ];

    /// <inheritdoc/>
    public IParameterStore Parameters { get; } = new EmulatedParameterStore(board);

    /// <inheritdoc cref="IGuestMachine.Sessions"/>
    public EmulatedSessions Sessions { get; } = new();

    /// <inheritdoc/>
    ILogonSessions IGuestMachine.Sessions => Sessions;

    /// <inheritdoc/>
    public IGuestClock Clock { get; } = new EmulatedClock(timeProvider);

    /// <inheritdoc/>
    public IGuestDisplay Display => screen;

    /// <summary>Raised when <see cref="HasHost"/> may have changed.</summary>
    public event Action? HostChanged;

    /// <summary>Whether the host is connected.</summary>
    public bool HasHost => host is not null;

    /// <summary>Completes when the guest is to shut down; the result is whether it is to restart.</summary>
    public Task<bool> ShutdownRequested => shutdown.Task;

    /// <inheritdoc/>
    public void UseHost(IHostNotifier? host)
    {
        this.host = host;
        HostChanged?.Invoke();
    }

    /// <inheritdoc/>
    public void CheckShutdown(bool forced)
    {
        if (shutdown.Task.IsCompleted)
        {
            throw new RequestRefusedException(IntegrationErrors.ShutdownInProgress, "The guest is shutting down already.");
        }

        if (!forced && Sessions.IsLocked)
        {
            throw new RequestRefusedException(
                IntegrationErrors.MachineLocked, "The guest's screen is locked and the shutdown was not forced.");
        }
    }

    /// <inheritdoc/>
    public Task ShutdownAsync(bool forced, bool restart, CancellationToken cancellationToken)
    {
        shutdown.TrySetResult(restart);
        return Task.CompletedTask;
    }

    /// <summary>
    /// Serves the host while the integration components are installed: from the boot on, and again after each
    /// <see cref="BringComponentsBack"/>.
    /// </summary>
    /// <param name="serve">Serves until it is cancelled.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task ServeWithComponentsAsync(Func<CancellationToken, Task> serve, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            using (CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken))
            {
                Task serving = serve(stop.Token);
                await Task.WhenAny(serving, componentsRemoved.Task);
                await stop.CancelAsync();
                await serving;
            }

            await componentsBack.Task.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>
    /// Removes the integration components, which inform the host before they end. The guest runs on without them.
    /// </summary>
    /// <returns>False when they are not installed.</returns>
    public async Task<bool> RemoveComponentsAsync()
    {
        if (componentsRemoved.Task.IsCompleted)
        {
            return false;
        }

        await NotifyAsync(new ComponentsRemoved());
        componentsBack = NewSignal();
        return componentsRemoved.TrySetResult();
    }

    /// <summary>Installs the integration components that were removed.</summary>
    /// <returns>False when they are installed already.</returns>
    public bool BringComponentsBack()
    {
        if (!componentsRemoved.Task.IsCompleted)
        {
            return false;
        }

        componentsRemoved = NewSignal();
        return componentsBack.TrySetResult();
    }

    /// <summary>Shuts the guest down from inside.</summary>
    /// <param name="restart">Whether it is to restart.</param>
    public async Task ShutdownFromInsideAsync(bool restart)
    {
        await NotifyAsync(new GuestShutdownStarted(restart ? GuestShutdownStarted.Restart : GuestShutdownStarted.Shutdown));
        shutdown.TrySetResult(restart);
    }

    /// <summary>Logs every user off from inside.</summary>
    /// <param name="forced">Whether programs are ended without being asked.</param>
    public async Task LogoffFromInsideAsync(bool forced)
    {
        Sessions.LogoffAll();
        await NotifyAsync(new GuestLoggedOff(forced ? GuestLoggedOff.Forced : GuestLoggedOff.Normal));
    }

    /// <summary>Locks or unlocks the screen.</summary>
    /// <param name="isLocked">Whether it is to be locked.</param>
    public async Task LockAsync(bool isLocked)
    {
        Sessions.IsLocked = isLocked;
        if (host is { } listener)
        {
            await listener.SendFactsAsync();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task NotifyAsync(IntegrationMessage message)
    {
        if (host is { } listener)
        {
            await listener.NotifyAsync(message);
        }
    }
}

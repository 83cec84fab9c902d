using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.ExampleProvider.Tests;

/// <summary>
/// One machine of the example provider, from power-up to its end. A <see cref="MachineLifetime"/> does what all machines do alike.
/// </summary>
internal sealed class ExampleMachine : IRunningMachine
{
    private readonly MachineStart start;
    private readonly ExampleState state;
    private readonly ExampleProcessor processor = new();
    private readonly MachineLifetime lifetime;

    /// <summary>The guest that runs. Replaced at a reset, between two commands.</summary>
    private volatile ExampleGuest guest;

    private ExampleMachine(MachineStart start, ExampleState state)
    {
        this.start = start;
        this.state = state;
        lifetime = new MachineLifetime(start.MachineName, start.TimeProvider, () => [() => guest!.DisposeAsync()], _ => { });
        guest = Boot();
    }

    /// <inheritdoc/>
    public Task<MachineEnd> Ended => lifetime.Ended;

    /// <inheritdoc/>
    public MachineCapabilities Capabilities => MachineCapabilities.Save;

    /// <summary>Powers a machine up.</summary>
    /// <param name="start">What to start.</param>
    /// <param name="state">What it remembers.</param>
    public static ExampleMachine PowerUp(MachineStart start, ExampleState state)
    {
        ExampleMachine machine = new(start, state);
        machine.lifetime.Begin(machine.RunAsync);
        return machine;
    }

    /// <summary>Ends the guest as a fault in it would.</summary>
    public void Crash() => guest.Stop(ExampleGuestExit.Crashed);

    /// <inheritdoc/>
    public Task<Stream> ConnectBusAsync(CancellationToken cancellationToken) => lifetime.ConnectAsync(
        async token =>
        {
            await processor.WaitAsync(token);
            return guest.Connect();
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task WaitForProcessorFaultAsync(CancellationToken cancellationToken) => lifetime.WaitForProcessorFaultAsync(cancellationToken);

    /// <inheritdoc/>
    public Task PauseAsync(CancellationToken cancellationToken) => lifetime.PauseAsync(_ => processor.StopAsync(), cancellationToken);

    /// <inheritdoc/>
    public Task ResumeAsync(CancellationToken cancellationToken) => lifetime.ResumeAsync(_ => processor.ContinueAsync(), cancellationToken);

    /// <inheritdoc/>
    public async Task ResetAsync(CancellationToken cancellationToken)
    {
        Task reset = Task.CompletedTask;
        await lifetime.ExecuteAsync(
            _ =>
            {
                reset = lifetime.ExpectResetAsync();
                return PowerOffAsync();
            },
            cancellationToken);
        await reset.WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public Task SaveAsync(string path, IProgress<int> progress, CancellationToken cancellationToken) => lifetime.SaveAsync(
        path,
        progress,
        new SaveSteps
        {
            Stop = _ => processor.StopAsync(),
            Write = token => state.WriteAsync(path, token),
            Continue = () => lifetime.IsPaused ? Task.CompletedTask : processor.ContinueAsync(),
            PowerOff = PowerOffAsync,
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task TurnOffAsync(CancellationToken cancellationToken) => lifetime.TurnOffAsync(PowerOffAsync, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await TurnOffAsync(CancellationToken.None);

    /// <summary>Waits for the guest's exits and returns the machine's end.</summary>
    private async Task<MachineEnd> RunAsync()
    {
        MachineEnd? end = null;
        while (end is null)
        {
            ExampleGuestExit exit = await guest.Exited;
            end = await lifetime.DecideAsync(() => DecideAsync(exit));
        }

        return end;
    }

    /// <summary>Decides what an exit of the guest means.</summary>
    /// <param name="exit">The exit.</param>
    /// <returns>The machine's end, or null when the guest has booted again.</returns>
    private async Task<MachineEnd?> DecideAsync(ExampleGuestExit exit)
    {
        await guest.DisposeAsync();
        if (lifetime.WantedEnd is { } wanted)
        {
            return wanted;
        }

        if (!lifetime.IsResetWanted && exit != ExampleGuestExit.Restarted)
        {
            return exit == ExampleGuestExit.PoweredOff
                ? new MachineEnd(MachineEndReason.GuestPoweredOff, "the guest powered the machine off")
                : new MachineEnd(MachineEndReason.Died, "its guest crashed");
        }

        await processor.ContinueAsync();
        lifetime.MarkRunning();
        guest = Boot();
        lifetime.CompleteReset();
        return null;
    }

    private ExampleGuest Boot()
    {
        ExampleGuest booted = new(start, state, processor);
        lifetime.SetKill(() => booted.Stop(ExampleGuestExit.PoweredOff));
        return booted;
    }

    private Task PowerOffAsync()
    {
        guest.Stop(ExampleGuestExit.PoweredOff);
        return Task.CompletedTask;
    }
}

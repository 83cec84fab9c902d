using VpcComApi.VirtualMachines.Configuration;
using VpcComApi.VirtualMachines.Events;
using VpcComApi.VirtualMachines.Guests;
using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.VirtualMachines.Machines;

/// <summary>What a start has taken. A run takes it over (<see cref="HandOver"/>); without that, all of it is released.</summary>
/// <param name="context">What the machine's parts share.</param>
/// <param name="provider">The machine's provider.</param>
/// <param name="runLock">What keeps other processes from running the same machine.</param>
/// <param name="disks">The machine's disks.</param>
internal sealed class StartResources(
    MachineContext context, IMachineProvider provider, FileUseLock runLock, StartDisks disks) : IAsyncDisposable
{
    private IRunningMachine? machine;

    /// <summary>Whether nothing is left to release: a run has taken it over, or it was released.</summary>
    private bool isEmpty;

    /// <summary>The machine's provider.</summary>
    public IMachineProvider Provider => provider;

    /// <summary>The machine's disks.</summary>
    public StartDisks Disks => disks;

    /// <summary>Has the provider power the machine up.</summary>
    /// <param name="start">What the provider gets.</param>
    /// <param name="progress">Gets how far it has come, in percent.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="VirtualMachineException">The provider failed, or did not do it in time.</exception>
    public async Task<IRunningMachine> PowerUpAsync(MachineStart start, IProgress<int> progress, CancellationToken cancellationToken)
    {
        Task<IRunningMachine>? starting = null;
        try
        {
            await context.CallProviderAsync(
                token => starting = provider.StartAsync(start, progress, token), LifecycleLimits.Start, "start", cancellationToken);
            return machine = await starting!;
        }
        catch when (starting is not null)
        {
            // The provider was given up, or failed. Should it come up with a machine after all, nobody wants it.
            _ = starting.ContinueWith(
                late => ReleaseAsync(late.Result),
                CancellationToken.None,
                TaskContinuationOptions.OnlyOnRanToCompletion,
                TaskScheduler.Default);
            throw;
        }
    }

    /// <summary>Makes the run of a machine that has been powered up. It owns all that the start had taken.</summary>
    /// <param name="session">The session with the machine's guest.</param>
    /// <param name="memoryMegabytes">The memory that the machine was given.</param>
    public MachineRun HandOver(GuestSession session, int memoryMegabytes)
    {
        MachineRun run = new(
            machine!, memoryMegabytes, session, disks.Lease, runLock, context.Name, context.Host.TimeProvider, context.Logger);
        isEmpty = true;
        return run;
    }

    /// <summary>Releases what was not handed over. Never throws; what fails is logged.</summary>
    public async ValueTask DisposeAsync()
    {
        if (isEmpty)
        {
            return;
        }

        isEmpty = true;
        if (machine is not null)
        {
            await ReleaseAsync(machine);
        }

        disks.Lease.Dispose();
        runLock.Dispose();
    }

    private async Task ReleaseAsync(IRunningMachine unwanted)
    {
        try
        {
            await unwanted.DisposeAsync().AsTask().WaitAsync(LifecycleLimits.Release, context.Host.TimeProvider);
        }
#pragma warning disable CA1031 // It belongs to a start that has failed already, and that failure is the one to report.
        catch (Exception e)
#pragma warning restore CA1031
        {
            MachineLog.ReleaseFailed(context.Logger, e, context.Name, e.Message);
        }
    }
}

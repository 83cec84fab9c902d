using VpcComApi.VirtualMachines.Configuration;
using VpcComApi.VirtualMachines.Events;

namespace VpcComApi.VirtualMachines.Machines;

/// <summary>Watches a machine that runs: its end, its processor, its guest, and the room on the disks that it writes to.</summary>
/// <param name="context">What the machine's parts share.</param>
/// <param name="power">The machine's state.</param>
/// <param name="lifecycle">Does what follows.</param>
internal sealed class RunWatch(MachineContext context, MachinePower power, MachineLifecycle lifecycle)
{
    /// <summary>Begins to watch a run, until it ends.</summary>
    /// <param name="started">The run.</param>
    /// <param name="diskFolders">The folders of the disks that it writes to.</param>
    public void Begin(MachineRun started, IReadOnlyCollection<string> diskFolders)
    {
        _ = WatchEndAsync(started);
        _ = WatchProcessorAsync(started);
        _ = new DiskSpaceWatch(context.Host.Computer, () => [context.Files.Folder, .. diskFolders], context.Host.TimeProvider)
            .RunAsync(OnLittleDiskSpace, started.EndedToken);
    }

    /// <summary>Something happened in the guest.</summary>
    /// <param name="occurrence">What.</param>
    /// <param name="detail">More of it.</param>
    public void OnGuestOccurrence(MachineOccurrence occurrence, int detail)
    {
        if (occurrence == MachineOccurrence.HeartbeatStopped)
        {
            MachineLog.NoHeartbeat(context.Logger, context.Name);
        }

        context.RaiseOccurred(occurrence, detail);
    }

    /// <summary>Keeps the version of the guest's integration components, which can be read when the machine is off, too.</summary>
    /// <param name="version">The version.</param>
    public void OnComponentsSeen(string version) => context.Events.Post(() =>
    {
        if (context.Configuration.Text(ConfigurationKeys.ComponentsVersion) != version)
        {
            context.Configuration.Set(ConfigurationKeys.ComponentsVersion, version);
        }
    });

    /// <summary>Removes the kept version. Queued before the event of the removal, so that whoever handles that event finds none.</summary>
    public void OnComponentsRemoved() => context.Events.Post(() => context.Configuration.Remove(ConfigurationKeys.ComponentsVersion));

    /// <summary>Notices the end of a machine that nobody has asked for.</summary>
    private async Task WatchEndAsync(MachineRun watched)
    {
        await watched.Ended;

        // An operation that is under way learns of it by EndedToken, or is ending the machine itself. One that hangs beyond all limits does
        // not keep what the machine had.
        await power.InTurnOrAfterLimitAsync(() => lifecycle.FinishAsync(watched));
    }

    /// <summary>
    /// Reports each fatal error of the guest's processor, and the reset that it caused. A guest whose boot ends in one meets the next a
    /// moment later, and may do so for ever.
    /// </summary>
    private async Task WatchProcessorAsync(MachineRun watched)
    {
        NotificationLimit limit = new(LifecycleLimits.MostProcessorFaults, LifecycleLimits.ProcessorFaultPeriod, context.Host.TimeProvider);
        try
        {
            while (true)
            {
                await watched.Machine.WaitForProcessorFaultAsync(watched.EndedToken);
                if (limit.Admit(out _))
                {
                    MachineLog.ProcessorError(context.Logger, context.Name);
                    context.RaiseOccurred(MachineOccurrence.TripleFault);
                    context.RaiseOccurred(MachineOccurrence.Reset);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The machine has ended.
        }
    }

    private void OnLittleDiskSpace(bool isCritical, string folder, long megabytes)
    {
        if (isCritical)
        {
            MachineLog.HostDiskSpaceError(context.Logger, context.Name, folder, megabytes);
            _ = PauseForDiskSpaceAsync();
        }
        else
        {
            MachineLog.HostDiskSpaceWarning(context.Logger, context.Name, folder, megabytes);
        }

        context.RaiseOccurred(MachineOccurrence.DiskOutOfSpace, isCritical ? 1 : 0);
    }

    private async Task PauseForDiskSpaceAsync()
    {
        try
        {
            await lifecycle.PauseAsync(PauseReason.DiskFull, CancellationToken.None);
        }
        catch (VirtualMachineException)
        {
            // It is paused or off already, or its failure was logged.
        }
    }
}

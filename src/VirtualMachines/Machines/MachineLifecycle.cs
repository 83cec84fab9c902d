using VpcComApi.VirtualMachines.Configuration;
using VpcComApi.VirtualMachines.Events;
using VpcComApi.VirtualMachines.Providers;
using VpcComApi.VirtualMachines.Tasks;

namespace VpcComApi.VirtualMachines.Machines;

/// <summary>
/// A machine's power switch. Each operation is checked against <see cref="StateRules"/>, takes the machine's turn, shows the state that it
/// passes through, works with the provider under a limit, and ends in a state that lasts:
/// <code>
/// start          TurningOn, Running
/// restore        TurningOn, Restoring, Running
/// save           Saving, TurningOff, Saved
/// turn off       TurningOff, TurnedOff; with undo disks to be merged, MergingDrives between
/// reset          TurningOff, TurningOn, Running
/// pause, resume  Paused; Running
/// death, or the guest's own power-off: TurnedOff
/// </code>
/// A failed start returns to where it came from; a failed save or reset returns to what the machine then is.
/// </summary>
/// <param name="context">What the machine's parts share.</param>
/// <param name="power">The machine's state.</param>
/// <param name="settings">The machine's settings.</param>
/// <param name="description">Shows the state to other programs.</param>
/// <param name="undoDisks">The machine's undo disks, which something may be done with when it is turned off.</param>
internal sealed class MachineLifecycle(
    MachineContext context, MachinePower power, MachineSettings settings, MachineDescription description, UndoDisks undoDisks)
{
    /// <summary>The part of a task's progress that is the provider's.</summary>
    public const int ProviderPercent = 90;

    /// <summary>
    /// What is added to the saved state's name while it is being written: a half-written one is never taken for a saved state.
    /// </summary>
    private const string UnfinishedSuffix = ".new";

    /// <summary>Set, in the machine's turn, when the application ends: undo disks are left as they are then.</summary>
    public bool LeavesUndoDisks { private get; set; }

    /// <inheritdoc cref="VirtualMachine.TurnOff"/>
    public MachineTask TurnOff() => power.Begin(
        MachineOperation.TurnOff,
        MachineState.TurningOff,
        $"Turning off the machine '{context.Name}'",
        cancelable: false,
        (_, _, _) => TurnOffAsync(power.DemandRun()));

    /// <inheritdoc cref="VirtualMachine.Save"/>
    public MachineTask Save() => power.Begin(
        MachineOperation.Save,
        MachineState.Saving,
        $"Saving the machine '{context.Name}'",
        cancelable: false,
        take: TakeSave,
        work: (before, current, task, _) => SaveAsync(before, current, task));

    /// <inheritdoc cref="VirtualMachine.Reset"/>
    public MachineTask Reset() => power.Begin(
        MachineOperation.Reset,
        MachineState.TurningOff,
        $"Resetting the machine '{context.Name}'",
        cancelable: false,
        (before, _, _) => ResetAsync(before, power.DemandRun()));

    /// <summary>Stops the guest's processor.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="VirtualMachineException">The machine is not running or is paused already, or its provider failed.</exception>
    public Task PauseAsync(PauseReason reason, CancellationToken cancellationToken) => SwitchAsync(
        MachineOperation.Pause,
        MachineState.Paused,
        async (current, token) =>
        {
            current.Session.Pause();
            try
            {
                await current.Machine.PauseAsync(token);
            }
            catch
            {
                current.Session.Resume();
                throw;
            }

            power.SetPauseReason(reason);
            MachineLog.MachinePaused(
                context.Logger,
                context.Name,
                reason == PauseReason.DiskFull
                    ? "the disk is full, and it is to be resumed by hand once there is room"
                    : "that was asked for");
        },
        cancellationToken);

    /// <inheritdoc cref="VirtualMachine.ResumeAsync"/>
    public Task ResumeAsync(CancellationToken cancellationToken) => SwitchAsync(
        MachineOperation.Resume,
        MachineState.Running,
        async (current, token) =>
        {
            await current.Machine.ResumeAsync(token);
            current.Session.Resume();
            MachineLog.MachineResumed(context.Logger, context.Name);
        },
        cancellationToken);

    /// <inheritdoc cref="VirtualMachine.DiscardSavedState"/>
    public void DiscardSavedState() => power.InTurn(MachineOperation.DiscardSavedState, () =>
    {
        using IDisposable guard = context.TakeRunLock(VirtualMachineError.MachineRunning);
        context.DeleteSavedState();
        power.MoveTo(MachineState.TurnedOff, evenIfSame: true);
        description.Write();
        MachineLog.SavedStateDiscarded(context.Logger, context.Name);
    });

    /// <summary>Does what takes the machine out of the catalogue, while nobody can start it.</summary>
    /// <param name="operation"><see cref="MachineOperation.Delete"/> or <see cref="MachineOperation.Unregister"/>.</param>
    /// <param name="action">What to do.</param>
    public void Leave(MachineOperation operation, Action action) => power.InTurn(operation, () =>
    {
        using IDisposable guard = context.TakeRunLock(VirtualMachineError.MachineRunning);
        action();
        context.MarkUnregistered();
    });

    /// <summary>Turns the machine off without waiting for its turn. For the application's end, when there is no time left.</summary>
    /// <param name="reason">Why.</param>
    public async Task ForceOffAsync(Exception reason)
    {
        if (power.Run is { } stuck)
        {
            MachineLog.ForcedOff(context.Logger, reason, context.Name, reason.Message);
            try
            {
                await EndRunAsync(stuck, MachineState.TurnedOff).WaitAsync(LifecycleLimits.Release, context.Host.TimeProvider);
            }
            catch (TimeoutException)
            {
                // Whoever ends it already does not come to an end; the process does.
            }
        }
    }

    /// <summary>Does what follows when a machine has stopped by itself, unless somebody else does it.</summary>
    /// <param name="ended">The run, which has ended.</param>
    public async Task FinishAsync(MachineRun ended)
    {
        MachineEnd end = await ended.Ended;
        if (!power.TryEndRun(ended))
        {
            return;
        }

        bool byGuest = end.Reason == MachineEndReason.GuestPoweredOff;
        if (byGuest)
        {
            MachineLog.MachineTurnedOffByGuest(context.Logger, context.Name, end.Description);
            context.RaiseOccurred(MachineOccurrence.ShutdownRequested);
        }
        else
        {
            MachineLog.MachineDied(context.Logger, context.Name, end.Description);
        }

        await ReleaseAsync(ended, MachineState.TurnedOff, appliesUndoAction: byGuest);
    }

    /// <summary>The run to save, unless it cannot be.</summary>
    private MachineRun TakeSave()
    {
        undoDisks.DemandKept();
        MachineRun current = power.DemandRun();
        current.Machine.Demand(MachineCapabilities.Save, context.Name);
        return current;
    }

    private async Task TurnOffAsync(MachineRun ending)
    {
        context.RaiseOccurred(MachineOccurrence.ShutdownRequested);
        await DropGuestAsync(ending, "the machine was turned off");
        try
        {
            await context.CallProviderAsync(ending.Machine.TurnOffAsync, LifecycleLimits.TurnOff, "turn off", CancellationToken.None);
        }
#pragma warning disable CA1031 // Whatever the provider says, the plug is pulled below.
        catch (Exception e)
#pragma warning restore CA1031
        {
            MachineLog.ForcedOff(context.Logger, e, context.Name, e.Message);
        }

        VirtualMachineException? undoFailure = await EndRunAsync(ending, MachineState.TurnedOff, appliesUndoAction: true);
        MachineLog.MachineTurnedOff(context.Logger, context.Name);
        if (undoFailure is not null)
        {
            throw undoFailure;
        }
    }

    private async Task SaveAsync(MachineState before, MachineRun ending, MachineTask task)
    {
        string finished = context.Files.SavedState;
        string unfinished = finished + UnfinishedSuffix;
        context.RaiseOccurred(MachineOccurrence.ShutdownRequested);
        await DropGuestAsync(ending, "the machine was saved");
        try
        {
            await context.CallProviderAsync(
                token => ending.Machine.SaveAsync(unfinished, new TaskProgress(task, 0, ProviderPercent), token),
                LifecycleLimits.Save,
                "save",
                ending.LostToken);
            File.Move(unfinished, finished, overwrite: true);
        }
        catch (Exception e)
        {
            MachineLog.SaveFailed(context.Logger, e, context.Name, e.Message);
            TryDelete(unfinished);
            if (await IsGoneAsync(ending, before))
            {
                throw Gone("saved", e);
            }

            throw;
        }

        power.MoveTo(MachineState.TurningOff);
        await EndRunAsync(ending, MachineState.Saved);
        MachineLog.MachineSaved(context.Logger, context.Name, finished);
    }

    private async Task ResetAsync(MachineState before, MachineRun current)
    {
        XmlValueDocument? values = TryReadValues();
        await DropGuestAsync(current, "the machine was reset");
        try
        {
            if (before == MachineState.Paused)
            {
                await context.CallProviderAsync(current.Machine.ResumeAsync, LifecycleLimits.Pause, "resume", current.EndedToken);
                current.Session.Resume();
                before = MachineState.Running;
            }

            power.MoveTo(current, MachineState.TurningOn);
            await context.CallProviderAsync(current.Machine.ResetAsync, LifecycleLimits.Reset, "reset", current.EndedToken);
        }
        catch (Exception e)
        {
            MachineLog.OperationFailed(context.Logger, e, MachineOperation.Reset, context.Name, e.Message);
            if (await IsGoneAsync(current, before))
            {
                throw Gone("reset", e);
            }

            throw;
        }

        if (values is not null)
        {
            settings.Activation.Load(values);
        }

        current.Usage.Restart();
        power.MoveTo(current, MachineState.Running);
        current.Session.ExpectGuest();
        context.RaiseOccurred(MachineOccurrence.Reset);
        MachineLog.MachineReset(context.Logger, context.Name);
    }

    /// <summary>
    /// The values of the machine's file, or null when it cannot be read: a running machine goes on with those that it has.
    /// </summary>
    private XmlValueDocument? TryReadValues()
    {
        try
        {
            return context.Configuration.File.Current;
        }
        catch (VirtualMachineException e)
        {
            MachineLog.ConfigurationNotReread(context.Logger, context.Name, e.Message);
            return null;
        }
    }

    private async Task SwitchAsync(
        MachineOperation operation, MachineState target, Func<MachineRun, CancellationToken, Task> work,
        CancellationToken cancellationToken)
    {
        power.Demand(operation);
        await power.InTurnAsync(
            async () =>
            {
                power.Demand(operation);
                MachineRun current = power.DemandRun();
                using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(
                    cancellationToken, current.EndedToken);
                try
                {
                    await context.CallProviderAsync(
                        token => work(current, token), LifecycleLimits.Pause, operation.ToString(), either.Token);
                }
                catch (Exception e) when (!cancellationToken.IsCancellationRequested)
                {
                    MachineLog.OperationFailed(context.Logger, e, operation, context.Name, e.Message);
                    if (await IsGoneAsync(current, power.State))
                    {
                        throw Gone(operation == MachineOperation.Pause ? "paused" : "resumed", e);
                    }

                    throw;
                }

                power.MoveTo(current, target);
            },
            cancellationToken);
    }

    /// <summary>After a failure: the machine is what it was, or it has ended, and what follows from that is done.</summary>
    private async Task<bool> IsGoneAsync(MachineRun current, MachineState before)
    {
        // The token and not the task: it is cancelled first, and whoever it wakes may be here before the task has completed.
        if (!current.EndedToken.IsCancellationRequested && power.TryMoveTo(current, before))
        {
            current.Session.ExpectGuest();
            return false;
        }

        await FinishAsync(current);
        power.MoveTo(await current.Finished);
        return true;
    }

    private VirtualMachineException Gone(string what, Exception cause) => new(
        VirtualMachineError.MachineNotRunning,
        $"The machine '{context.Name}' ended while it was being {what}. See the event log for the reason; it can be started again.",
        cause);

    /// <summary>Ends a run, unless somebody else does it, and shows the state that lasts.</summary>
    /// <returns>What went wrong with the undo disks, or null.</returns>
    private async Task<VirtualMachineException?> EndRunAsync(MachineRun ending, MachineState lasting, bool appliesUndoAction = false)
    {
        if (power.TryEndRun(ending))
        {
            return await ReleaseAsync(ending, lasting, appliesUndoAction);
        }

        await ending.Finished;
        power.MoveTo(lasting);
        description.Write();
        return null;
    }

    private async Task<VirtualMachineException?> ReleaseAsync(MachineRun ended, MachineState lasting, bool appliesUndoAction)
    {
        settings.Activation.Clear();
        context.Host.UsbDeviceList.ReturnAll(context.Machine);
        await ended.DisposeAsync();
        try
        {
            return appliesUndoAction && !LeavesUndoDisks ? undoDisks.ApplyAction() : null;
        }
        finally
        {
            power.MoveTo(lasting);
            description.Write();
            ended.Finish(lasting);
        }
    }

    private async Task DropGuestAsync(MachineRun current, string reason)
    {
        try
        {
            await current.Session.DropGuestAsync(reason).WaitAsync(LifecycleLimits.EndSession, context.Host.TimeProvider);
        }
#pragma warning disable CA1031 // Channels that do not end in order must not keep a machine from being turned off.
        catch (Exception e)
#pragma warning restore CA1031
        {
            MachineLog.ReleaseFailed(context.Logger, e, context.Name, e.Message);
        }
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (StorageErrors.IsStorageError(e))
        {
            // It is overwritten by the next save.
        }
    }
}

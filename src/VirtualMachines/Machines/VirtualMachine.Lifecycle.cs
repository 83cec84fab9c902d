using VpcComApi.VirtualMachines.Catalogue;
using VpcComApi.VirtualMachines.Channels;
using VpcComApi.VirtualMachines.Configuration;
using VpcComApi.VirtualMachines.Events;
using VpcComApi.VirtualMachines.Guests;
using VpcComApi.VirtualMachines.Providers;
using VpcComApi.VirtualMachines.Tasks;

namespace VpcComApi.VirtualMachines.Machines;

/// <content>
/// The power switch. Each operation is checked against <see cref="StateRules"/>, takes the machine's turn, shows the state that it passes through, works
/// with the provider under a limit, and ends in a state that lasts:
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
/// </content>
public sealed partial class VirtualMachine
{
    /// <summary>What is added to the saved state's name while it is being written: a half-written one is never taken for a saved state.</summary>
    private const string UnfinishedSuffix = ".new";

    private const int StartedPercent = 90;

    /// <summary>How often is looked, when the application ends, whether a guest that ends already is up again instead.</summary>
    private static readonly TimeSpan GuestEndInterval = TimeSpan.FromMilliseconds(100);

    private PauseReason pauseReason;

    /// <summary>Why the machine is paused; null while it is not.</summary>
    public PauseReason? PauseReason
    {
        get
        {
            lock (sync)
            {
                return state == MachineState.Paused ? pauseReason : null;
            }
        }
    }

    /// <summary>Boots the machine, or restores its saved state. The task can be cancelled until the machine runs.</summary>
    /// <param name="option">How to start.</param>
    /// <exception cref="VirtualMachineException">Refused: a bad option, the machine's state, a wrong value in its file, too many machines, another process, an unknown provider.</exception>
    public MachineTask Startup(StartupOption option)
    {
        if (!Enum.IsDefined(option))
        {
            throw new VirtualMachineException(VirtualMachineError.InvalidArgument, $"{(int)option} is no startup option. Use 0 or 1.");
        }

        IMachineProvider provider = null!;
        FileUseLock runLock = null!;
        StartDisks disks = null!;
        return Begin(
            MachineOperation.Startup,
            MachineState.TurningOn,
            $"Starting the machine '{Name}'",
            cancelable: true,
            prepare: () =>
            {
                host.DemandOpen();
                Configuration.Check();
                provider = host.ProviderOf(Name, Configuration.Text(ConfigurationKeys.Provider));
                host.DemandRoomForAnotherMachine();
                runLock = TakeRunLock(VirtualMachineError.MachineRunning);
                try
                {
                    disks = TakeDisks(option);
                }
                catch
                {
                    runLock.Dispose();
                    throw;
                }

                lock (sync)
                {
                    sessionStarted = new TaskCompletionSource<GuestSession>(TaskCreationOptions.RunContinuationsAsynchronously);
                }
            },
            (before, task, cancellationToken) => StartAsync(before, provider, runLock, disks, task, cancellationToken));
    }

    /// <summary>Pulls the plug.</summary>
    /// <exception cref="VirtualMachineException">The machine is not running.</exception>
    public MachineTask TurnOff() => Begin(
        MachineOperation.TurnOff,
        MachineState.TurningOff,
        $"Turning off the machine '{Name}'",
        cancelable: false,
        prepare: null,
        (_, _, _) => TurnOffAsync());

    /// <summary>Saves the guest's state and ends the machine.</summary>
    /// <exception cref="VirtualMachineException">The machine is not running, or its undo disks are to be thrown away.</exception>
    public MachineTask Save() => Begin(
        MachineOperation.Save,
        MachineState.Saving,
        $"Saving the machine '{Name}'",
        cancelable: false,
        prepare: () =>
        {
            if (DiscardsUndoDisks())
            {
                throw new VirtualMachineException(
                    VirtualMachineError.NotPossibleNow,
                    $"The machine '{Name}' cannot be saved, because its undo disks are to be thrown away. Have them kept or merged first.")
                {
                    Remedy = new Remedy(RemedyAction.ChangeUndoAction, Name),
                };
            }
        },
        (before, task, _) => SaveAsync(before, task));

    /// <summary>Presses the reset button. A paused machine runs afterwards.</summary>
    /// <exception cref="VirtualMachineException">The machine is not running.</exception>
    public MachineTask Reset() => Begin(
        MachineOperation.Reset,
        MachineState.TurningOff,
        $"Resetting the machine '{Name}'",
        cancelable: false,
        prepare: null,
        (before, _, _) => ResetAsync(before));

    /// <summary>Stops the guest's processor. Channels stay as they are and stall.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="VirtualMachineException">The machine is not running or is paused already, or its provider failed.</exception>
    public Task PauseAsync(CancellationToken cancellationToken) => PauseAsync(Machines.PauseReason.Requested, cancellationToken);

    private Task PauseAsync(PauseReason reason, CancellationToken cancellationToken) => SwitchAsync(
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

            lock (sync)
            {
                pauseReason = reason;
            }

            MachineLog.MachinePaused(
                logger,
                Name,
                reason == Machines.PauseReason.DiskFull ? "the disk is full, and it is to be resumed by hand once there is room" : "that was asked for");
        },
        cancellationToken);

    /// <summary>Lets a paused machine go on.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="VirtualMachineException">The machine is not paused, or its provider failed.</exception>
    public Task ResumeAsync(CancellationToken cancellationToken) => SwitchAsync(
        MachineOperation.Resume,
        MachineState.Running,
        async (current, token) =>
        {
            await current.Machine.ResumeAsync(token);
            current.Session.Resume();
            MachineLog.MachineResumed(logger, Name);
        },
        cancellationToken);

    /// <summary>Throws the saved state away.</summary>
    /// <exception cref="VirtualMachineException">The machine is running or has no saved state, or the file could not be deleted.</exception>
    public void DiscardSavedState() => InTurn(MachineOperation.DiscardSavedState, () =>
    {
        using IDisposable guard = TakeRunLock(VirtualMachineError.MachineRunning);
        DeleteSavedState();
        MoveTo(MachineState.TurnedOff, evenIfSame: true);
        WriteDescription();
        MachineLog.SavedStateDiscarded(logger, Name);
    });

    /// <summary>Does what takes the machine out of the catalogue, while nobody can start it.</summary>
    /// <param name="operation"><see cref="MachineOperation.Delete"/> or <see cref="MachineOperation.Unregister"/>.</param>
    /// <param name="action">What to do.</param>
    internal void Leave(MachineOperation operation, Action action) => InTurn(operation, () =>
    {
        using IDisposable guard = TakeRunLock(VirtualMachineError.MachineRunning);
        action();
        MarkUnregistered();
    });

    /// <summary>Ends the machine by its <see cref="ShutdownActionOnQuit"/>, because the application ends. Never throws; the machine is off afterwards.</summary>
    internal async Task QuitAsync()
    {
        // Tasks under way end first: a start was cancelled, a save or power-off is what is wanted.
        await TakeTurnAsync(CancellationToken.None);
        quitting = true;
        turn.Release();
        if (StateRules.Refusal(MachineOperation.TurnOff, State) is not null)
        {
            return;
        }

        if (await GuestEndsAsync())
        {
            return;
        }

        ShutdownAction action = ReadQuitAction();
        if (action == ShutdownAction.Shutdown && await ShutGuestDownAsync())
        {
            return;
        }

        if (action != ShutdownAction.TurnOff && await SucceedsAsync(Save))
        {
            return;
        }

        await SucceedsAsync(TurnOff);
    }

    /// <summary>Turns the machine off without waiting for its turn. For the application's end, when there is no time left.</summary>
    /// <param name="reason">Why.</param>
    internal async Task ForceOffAsync(Exception reason)
    {
        if (run is { } stuck)
        {
            MachineLog.ForcedOff(logger, reason, Name, reason.Message);
            await EndRunAsync(stuck, MachineState.TurnedOff);
        }
    }

    private async Task StartAsync(
        MachineState before, IMachineProvider provider, FileUseLock runLock, StartDisks disks, MachineTask task, CancellationToken cancellationToken)
    {
        bool restoring = before == MachineState.Saved;
        IRunningMachine? machine = null;
        try
        {
            if (restoring)
            {
                MoveTo(MachineState.Restoring);
            }

            MakeUndoDisks(disks);
            MachineStart start = PrepareStart(restoring, disks);
            machine = await PowerUpAsync(provider, start, new TaskProgress(task, 0, StartedPercent), cancellationToken);
            task.EndCancellation();
            if (restoring)
            {
                // Before anything is changed by the guest: a saved state that has been used must not be used again.
                DeleteSavedState();
            }

            activationValues.Load(Configuration.File.Current);
            MachineRun started = new(
                machine, start.MemoryMegabytes, CreateSession(machine, start), disks.Lease, runLock, Name, host.TimeProvider, logger);
            lock (sync)
            {
                run = started;
            }

            sessionStarted!.TrySetResult(started.Session);
            ConnectSerialPorts(started);
            await CatchUpAsync(machine, start);
            MoveTo(MachineState.Running);

            // Not before the state: whoever is woken by the ready event must find the machine running.
            started.Session.ExpectGuest();
            WriteDescription();
            _ = WatchAsync(started);
            _ = TellOfProcessorFaultsAsync(started);
            _ = new DiskSpaceWatch(host.Computer, () => [Files.Folder, .. disks.Folders], host.TimeProvider).RunAsync(OnLittleDiskSpace, started.EndedToken);
        }
        catch (Exception e)
        {
            MachineRun? failed;
            lock (sync)
            {
                failed = run;
                run = null;
            }

            EndActivation();
            if (failed is not null)
            {
                // It has taken over all that follows.
                host.UsbDeviceList.ReturnAll(this);
                await failed.DisposeAsync();
            }
            else
            {
                if (machine is not null)
                {
                    await ReleaseAsync(machine);
                }

                disks.Lease.Dispose();
                runLock.Dispose();
            }

            MoveTo(before);
            failed?.Finish(before);
            if (!cancellationToken.IsCancellationRequested)
            {
                MachineLog.StartFailed(logger, e, Name, e.Message);
            }

            if (e is VirtualMachineException { Error: VirtualMachineError.SavedStateUnreadable or VirtualMachineError.SavedStateBadVersion } refusal)
            {
                refusal.Remedy = new Remedy(RemedyAction.DiscardSavedState, Name);
            }

            throw;
        }

        if (restoring)
        {
            MachineLog.MachineRestored(logger, Name, provider.Name);
        }
        else
        {
            MachineLog.MachineLaunched(logger, Name, provider.Name);
        }
    }

    private MachineStart PrepareStart(bool restoring, StartDisks disks)
    {
        FirmwareIdentity firmware = Configuration.EnsureFirmwareIdentity();
        int memory = MemoryMegabytes;
        CheckMemory(memory);
        Configuration.EnsureEthernetAddresses(host.Catalogue.EthernetAddressesOfOthers(this));
        return new MachineStart
        {
            MachineName = Name,
            ConfigurationId = ConfigurationId,
            MemoryMegabytes = memory,
            Firmware = firmware,
            Configuration = Configuration.File.Current.Clone(),
            HardDisks = disks.Disks,
            DvdDrives = DvdDrivesNow(),
            FloppyDrives = FloppyDrivesNow(),
            NetworkCards = NetworkCardsNow(),
            NonVolatileMemoryFile = Files.NonVolatileMemory,
            SavedStateFile = restoring ? Files.SavedState : null,
        };
    }

    private async Task<IRunningMachine> PowerUpAsync(
        IMachineProvider provider, MachineStart start, IProgress<int> progress, CancellationToken cancellationToken)
    {
        Task<IRunningMachine>? starting = null;
        try
        {
            await WithLimitAsync(
                token => starting = provider.StartAsync(start, progress, token), LifecycleLimits.Start, "start", cancellationToken);
            return await starting!;
        }
        catch when (starting is { IsCompleted: false })
        {
            // The provider was given up. Should it come up with a machine after all, nobody wants it.
            _ = starting.ContinueWith(
                late => ReleaseAsync(late.Result),
                CancellationToken.None,
                TaskContinuationOptions.OnlyOnRanToCompletion,
                TaskScheduler.Default);
            throw;
        }
    }

    private GuestSession CreateSession(IRunningMachine machine, MachineStart start) => new(
        machine,
        new GuestSessionOptions
        {
            MachineName = start.MachineName,
            ReadyEvent = ReadyEvent.Create(start.Firmware.ChassisAssetTag, start.MachineName, logger),
            Configuration = start.Configuration,
            Occurred = OnGuestOccurrence,
            ComponentsSeen = OnComponentsSeen,
            ComponentsRemoved = OnComponentsRemoved,
            LoggerFactory = host.LoggerFactory,
            TimeProvider = host.TimeProvider,
        });

    private async Task TurnOffAsync()
    {
        MachineRun ending = run!;
        RaiseOccurred(MachineOccurrence.ShutdownRequested);
        await DropGuestAsync(ending, "the machine was turned off");
        try
        {
            await WithLimitAsync(ending.Machine.TurnOffAsync, LifecycleLimits.TurnOff, "turn off", CancellationToken.None);
        }
#pragma warning disable CA1031 // Whatever the provider says, the plug is pulled below.
        catch (Exception e)
#pragma warning restore CA1031
        {
            MachineLog.ForcedOff(logger, e, Name, e.Message);
        }

        VirtualMachineException? undoFailure = await EndRunAsync(ending, MachineState.TurnedOff, appliesUndoAction: true);
        MachineLog.MachineTurnedOff(logger, Name);
        if (undoFailure is not null)
        {
            throw undoFailure;
        }
    }

    private async Task SaveAsync(MachineState before, MachineTask task)
    {
        MachineRun ending = run!;
        string finished = Files.SavedState;
        string unfinished = finished + UnfinishedSuffix;
        RaiseOccurred(MachineOccurrence.ShutdownRequested);
        await DropGuestAsync(ending, "the machine was saved");
        try
        {
            // A machine that ends by being saved is what is wanted; only another end leaves nothing to wait for.
            CancellationTokenSource lost = new();
            _ = CancelIfLostAsync(ending, lost);
            await WithLimitAsync(
                token => ending.Machine.SaveAsync(unfinished, new TaskProgress(task, 0, StartedPercent), token),
                LifecycleLimits.Save,
                "save",
                lost.Token);
            File.Move(unfinished, finished, overwrite: true);
        }
        catch (Exception e)
        {
            MachineLog.SaveFailed(logger, e, Name, e.Message);
            TryDelete(unfinished);
            if (await IsGoneAsync(ending, before))
            {
                throw Gone("saved", e);
            }

            throw;
        }

        MoveTo(MachineState.TurningOff);
        await EndRunAsync(ending, MachineState.Saved);
        MachineLog.MachineSaved(logger, Name, finished);
    }

    private async Task ResetAsync(MachineState before)
    {
        MachineRun current = run!;
        XmlValueDocument? values = TryReadValues();
        await DropGuestAsync(current, "the machine was reset");
        try
        {
            if (before == MachineState.Paused)
            {
                await WithLimitAsync(current.Machine.ResumeAsync, LifecycleLimits.Pause, "resume", current.EndedToken);
                current.Session.Resume();
                before = MachineState.Running;
            }

            MoveTo(MachineState.TurningOn);
            await WithLimitAsync(current.Machine.ResetAsync, LifecycleLimits.Reset, "reset", current.EndedToken);
        }
        catch (Exception e)
        {
            MachineLog.OperationFailed(logger, e, MachineOperation.Reset, Name, e.Message);
            if (await IsGoneAsync(current, before))
            {
                throw Gone("reset", e);
            }

            throw;
        }

        if (values is not null)
        {
            activationValues.Load(values);
        }

        current.Usage.Restart();
        MoveTo(MachineState.Running);
        current.Session.ExpectGuest();
        RaiseOccurred(MachineOccurrence.Reset);
        MachineLog.MachineReset(logger, Name);
    }

    /// <summary>The values of the machine's file, or null when it cannot be read: a running machine goes on with those that it has.</summary>
    private XmlValueDocument? TryReadValues()
    {
        try
        {
            return Configuration.File.Current;
        }
        catch (VirtualMachineException e)
        {
            MachineLog.ConfigurationNotReread(logger, Name, e.Message);
            return null;
        }
    }

    /// <summary>
    /// Whether the undo disks are known to be thrown away. A running machine whose file cannot be read keeps what its guest has done, as turning
    /// it off throws nothing away then either.
    /// </summary>
    private bool DiscardsUndoDisks()
    {
        try
        {
            return Undoable && UndoAction == UndoAction.Discard;
        }
        catch (VirtualMachineException)
        {
            return false;
        }
    }

    private async Task SwitchAsync(
        MachineOperation operation, MachineState target, Func<MachineRun, CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        Demand(operation);
        await TakeTurnAsync(cancellationToken);
        try
        {
            Demand(operation);
            MachineRun current = run!;
            using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, current.EndedToken);
            try
            {
                await WithLimitAsync(token => work(current, token), LifecycleLimits.Pause, operation.ToString(), either.Token);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                MachineLog.OperationFailed(logger, e, operation, Name, e.Message);
                if (await IsGoneAsync(current, State))
                {
                    throw Gone(operation == MachineOperation.Pause ? "paused" : "resumed", e);
                }

                throw;
            }

            MoveTo(target);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Notices the end of a machine that nobody has asked for.</summary>
    private async Task WatchAsync(MachineRun watched)
    {
        await watched.Ended;

        // Whoever has the turn is told by EndedToken, or is ending the machine itself. One that hangs beyond all limits does not keep what the machine had.
        bool entered = await turn.TryTakeAsync(LifecycleLimits.Turn, CancellationToken.None);
        try
        {
            if (TryClaim(watched))
            {
                await FinishClaimedAsync(watched);
            }
        }
        finally
        {
            if (entered)
            {
                turn.Release();
            }
        }
    }

    /// <summary>Takes note of a machine that has stopped by itself, unless somebody else has done it.</summary>
    private async Task FinishAsync(MachineRun ended)
    {
        if (TryClaim(ended))
        {
            await FinishClaimedAsync(ended);
        }
        else
        {
            MoveTo(await ended.Finished);
        }
    }

    private async Task FinishClaimedAsync(MachineRun ended)
    {
        MachineEnd end = await ended.Ended;
        bool byGuest = end.Reason == MachineEndReason.GuestPoweredOff;
        if (byGuest)
        {
            MachineLog.MachineTurnedOffByGuest(logger, Name, end.Description);
            RaiseOccurred(MachineOccurrence.ShutdownRequested);
        }
        else
        {
            MachineLog.MachineDied(logger, Name, end.Description);
        }

        await EndClaimedAsync(ended, MachineState.TurnedOff, appliesUndoAction: byGuest);
    }

    /// <summary>After a failure: the machine is what it was, or it is gone, and is taken note of.</summary>
    private async Task<bool> IsGoneAsync(MachineRun current, MachineState before)
    {
        // The token and not the task: it is cancelled first, and whoever it wakes may be here before the task has completed.
        if (!current.EndedToken.IsCancellationRequested)
        {
            MoveTo(before);
            current.Session.ExpectGuest();
            return false;
        }

        await FinishAsync(current);
        return true;
    }

    private VirtualMachineException Gone(string what, Exception cause) => new(
        VirtualMachineError.MachineNotRunning, $"The machine '{Name}' ended while it was being {what}. See the event log for the reason; it can be started again.", cause);

    /// <summary>Makes the caller the one who ends a run. It is so for one caller alone, also where an operation hangs and another goes on without the turn.</summary>
    private bool TryClaim(MachineRun ending)
    {
        lock (sync)
        {
            if (run != ending)
            {
                return false;
            }

            run = null;
            return true;
        }
    }

    /// <summary>Lets go of a run, unless somebody else has done it, and shows the state that lasts.</summary>
    /// <returns>What went wrong with the undo disks, or null.</returns>
    private async Task<VirtualMachineException?> EndRunAsync(MachineRun ending, MachineState lasting, bool appliesUndoAction = false)
    {
        if (TryClaim(ending))
        {
            return await EndClaimedAsync(ending, lasting, appliesUndoAction);
        }

        await ending.Finished;
        MoveTo(lasting);
        return null;
    }

    private async Task<VirtualMachineException?> EndClaimedAsync(MachineRun ending, MachineState lasting, bool appliesUndoAction)
    {
        EndActivation();
        host.UsbDeviceList.ReturnAll(this);
        await ending.DisposeAsync();
        VirtualMachineException? undoFailure = appliesUndoAction && !quitting ? ApplyUndoAction() : null;
        MoveTo(lasting);
        WriteDescription();
        ending.Finish(lasting);
        return undoFailure;
    }

    private void EndActivation()
    {
        activationValues.Clear();
        TaskCompletionSource<GuestSession>? waiting;
        lock (sync)
        {
            waiting = sessionStarted;
            sessionStarted = null;
        }

        if (waiting is not null && waiting.TrySetException(NotRunning()))
        {
            // Nobody need be waiting.
            _ = waiting.Task.Exception;
        }
    }

    private async Task DropGuestAsync(MachineRun current, string reason)
    {
        try
        {
            await current.Session.DropGuestAsync(reason).WaitAsync(LifecycleLimits.EndSession, host.TimeProvider);
        }
#pragma warning disable CA1031 // Channels that do not end in order must not keep a machine from being turned off.
        catch (Exception e)
#pragma warning restore CA1031
        {
            MachineLog.ReleaseFailed(logger, e, Name, e.Message);
        }
    }

    private async Task ReleaseAsync(IAsyncDisposable machine)
    {
        try
        {
            await machine.DisposeAsync().AsTask().WaitAsync(LifecycleLimits.Release, host.TimeProvider);
        }
#pragma warning disable CA1031 // It belongs to a start that has failed already, and that failure is the one to tell.
        catch (Exception e)
#pragma warning restore CA1031
        {
            MachineLog.ReleaseFailed(logger, e, Name, e.Message);
        }
    }

    /// <summary>
    /// Checks an operation, takes the turn, shows the passing state at once where it can (else as soon as the turn is free), and does the work as a task.
    /// </summary>
    private MachineTask Begin(
        MachineOperation operation,
        MachineState passing,
        string description,
        bool cancelable,
        Action? prepare,
        Func<MachineState, MachineTask, CancellationToken, Task> work)
    {
        Demand(operation);

        // Only a pause, a resume or a change of settings can have the turn now: everything else shows a state that refuses.
        bool entered = turn.TryTake();
        MachineState before = default;
        if (entered)
        {
            try
            {
                before = Enter();
            }
            catch
            {
                turn.Release();
                throw;
            }
        }

        return host.TaskList.Start(description, cancelable, async (task, cancellationToken) =>
        {
            if (!entered)
            {
                await TakeTurnAsync(cancellationToken);
            }

            try
            {
                if (!entered)
                {
                    before = Enter();
                }

                await work(before, task, cancellationToken);
            }
            finally
            {
                turn.Release();
            }
        });

        MachineState Enter()
        {
            Demand(operation);
            prepare?.Invoke();
            MachineState entry = State;
            MoveTo(passing);
            return entry;
        }
    }

    /// <summary>Does something quick while no operation is under way.</summary>
    private void InTurn(MachineOperation operation, Action action)
    {
        Demand(operation);
        if (!turn.TryTake(LifecycleLimits.QuickTurn))
        {
            throw Busy(LifecycleLimits.QuickTurn);
        }

        try
        {
            Demand(operation);
            action();
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task TakeTurnAsync(CancellationToken cancellationToken)
    {
        if (!await turn.TryTakeAsync(LifecycleLimits.Turn, cancellationToken))
        {
            throw Busy(LifecycleLimits.Turn);
        }
    }

    private VirtualMachineException Busy(TimeSpan waited) => new(
        VirtualMachineError.TimedOut, $"Another operation on the machine '{Name}' has not ended in {waited.TotalSeconds:0} s. Try again later.");

    /// <summary>Calls a provider, which gets a token that ends the call at the limit, and is given up when it does not heed it.</summary>
    private async Task WithLimitAsync(Func<CancellationToken, Task> call, TimeSpan limit, string what, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timeout = new(limit, host.TimeProvider);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        using CancellationTokenSource givenUp = new(Timeout.InfiniteTimeSpan, host.TimeProvider);
        using CancellationTokenRegistration grace = either.Token.Register(() => givenUp.CancelAfter(LifecycleLimits.Grace));
        try
        {
            await call(either.Token).WaitAsync(givenUp.Token);
        }
        catch (Exception e) when (e is TimeoutException || (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested))
        {
            throw new VirtualMachineException(
                VirtualMachineError.TimedOut, $"The provider of the machine '{Name}' did not {what} it in {limit.TotalSeconds:0} s.", e);
        }
        catch (Exception e) when (e is not (VirtualMachineException or OperationCanceledException or OutOfMemoryException))
        {
            throw StorageErrors.IsStorageError(e)
                ? StorageErrors.Translate(e, $"The provider of the machine '{Name}' could not {what} it")
                : new VirtualMachineException(
                    VirtualMachineError.ProviderFailed, $"The provider of the machine '{Name}' could not {what} it: {e.Message}", e);
        }
    }

    private FileUseLock TakeRunLock(VirtualMachineError refusal) => host.Catalogue.TryTakeRunLock(Files)
        ?? throw new VirtualMachineException(
            refusal, $"The machine '{Name}' ({Files.Configuration}) is in use by another process (vpc or vpcctl, perhaps with another data folder). Turn it off there first.");

    private static async Task CancelIfLostAsync(MachineRun watched, CancellationTokenSource lost)
    {
        MachineEnd end = await watched.Ended;
        if (end.Reason is MachineEndReason.Died or MachineEndReason.GuestPoweredOff)
        {
            await lost.CancelAsync();
        }
    }

    private void DeleteSavedState()
    {
        try
        {
            File.Delete(Files.SavedState);
        }
        catch (Exception e) when (StorageErrors.IsStorageError(e))
        {
            throw StorageErrors.Translate(e, $"The saved state {Files.SavedState} could not be deleted");
        }
    }

    /// <summary>Changes the state and tells of it.</summary>
    /// <param name="next">The new state.</param>
    /// <param name="evenIfSame">Whether it is told also where this process knew the machine in that state before: another has saved it meanwhile.</param>
    private void MoveTo(MachineState next, bool evenIfSame = false)
    {
        lock (sync)
        {
            if (state == next && !evenIfSame)
            {
                return;
            }

            state = next;
            stateChanges++;

            // Queued under the lock, so that the order of events is that of the states; raised elsewhere.
            events.Post(() =>
            {
                MachineStateChangedEventArgs args = new(this, next);
                StateChanged?.Invoke(this, args);
                host.RaiseMachineStateChanged(args);
            });
        }

        host.OnActivityChanged();
    }

    private void OnLittleDiskSpace(bool isCritical, string folder, long megabytes)
    {
        if (isCritical)
        {
            MachineLog.HostDiskSpaceError(logger, Name, folder, megabytes);
            _ = PauseForDiskSpaceAsync();
        }
        else
        {
            MachineLog.HostDiskSpaceWarning(logger, Name, folder, megabytes);
        }

        RaiseOccurred(MachineOccurrence.DiskOutOfSpace, isCritical ? 1 : 0);
    }

    private async Task PauseForDiskSpaceAsync()
    {
        try
        {
            await PauseAsync(Machines.PauseReason.DiskFull, CancellationToken.None);
        }
        catch (VirtualMachineException)
        {
            // It is paused or off already, or its failure was told.
        }
    }

    private void OnGuestOccurrence(MachineOccurrence occurrence, int detail)
    {
        if (occurrence == MachineOccurrence.HeartbeatStopped)
        {
            MachineLog.NoHeartbeat(logger, Name);
        }

        RaiseOccurred(occurrence, detail);
    }

    /// <summary>
    /// Tells of each fatal error of the guest's processor, and of the reset that it caused. A guest whose boot ends in one meets the next a moment later, and
    /// may do so for ever.
    /// </summary>
    private async Task TellOfProcessorFaultsAsync(MachineRun watched)
    {
        NotificationLimit limit = new(LifecycleLimits.MostProcessorFaults, LifecycleLimits.ProcessorFaultPeriod, host.TimeProvider);
        try
        {
            while (true)
            {
                await watched.Machine.WaitForProcessorFaultAsync(watched.EndedToken);
                if (limit.Admit(out _))
                {
                    MachineLog.ProcessorError(logger, Name);
                    RaiseOccurred(MachineOccurrence.TripleFault);
                    RaiseOccurred(MachineOccurrence.Reset);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The machine has ended.
        }
    }

    /// <summary>Remembers what components the guest has, which is asked for when the machine is off, too.</summary>
    private void OnComponentsSeen(string version) => events.Post(() =>
    {
        if (Configuration.Text(ConfigurationKeys.ComponentsVersion) != version)
        {
            Configuration.Set(ConfigurationKeys.ComponentsVersion, version);
        }
    });

    /// <summary>Forgets what components the guest had. Queued before the event that tells of it, so that whoever hears that sees it so.</summary>
    private void OnComponentsRemoved() => events.Post(() => Configuration.Remove(ConfigurationKeys.ComponentsVersion));

    private void RaiseOccurred(MachineOccurrence occurrence, int detail = 0) => events.Post(() =>
    {
        MachineOccurrenceEventArgs args = new(this, occurrence, detail);
        Occurred?.Invoke(this, args);
        host.RaiseMachineOccurred(args);
    });

    private ShutdownAction ReadQuitAction()
    {
        try
        {
            return ShutdownActionOnQuit;
        }
        catch (VirtualMachineException)
        {
            return ShutdownAction.Save;
        }
    }

    /// <summary>A guest that was asked to end before is let end: saved or turned off in the middle, it would lose what it is about to write.</summary>
    /// <returns>Whether the machine is off with that.</returns>
    private async Task<bool> GuestEndsAsync()
    {
        if (run is not { } current || State != MachineState.Running)
        {
            return false;
        }

        // A guest that restarts is up again some time, and is dealt with then as any other.
        long began = host.TimeProvider.GetTimestamp();
        while (!current.Finished.IsCompleted
            && current.Session.End.IsUnderWay
            && host.TimeProvider.GetElapsedTime(began) < LifecycleLimits.GuestShutdownOnQuit)
        {
            await ((Task)current.Finished).WaitAsync(GuestEndInterval, host.TimeProvider).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return current.Finished.IsCompleted;
    }

    private async Task<bool> ShutGuestDownAsync()
    {
        MachineRun? current = run;
        if (current is null || !current.Session.IsReady)
        {
            return false;
        }

        try
        {
            return await SucceedsAsync(() => GuestOS.Shutdown(forced: false)).WaitAsync(LifecycleLimits.GuestShutdownOnQuit, host.TimeProvider);
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private static async Task<bool> SucceedsAsync(Func<MachineTask> begin)
    {
        try
        {
            MachineTask task = begin();
            await task.Completion;
            return task.Result == MachineTaskResult.Success;
        }
        catch (VirtualMachineException)
        {
            return false;
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

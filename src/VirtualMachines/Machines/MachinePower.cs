using VpcComApi.VirtualMachines.Guests;
using VpcComApi.VirtualMachines.Tasks;

namespace VpcComApi.VirtualMachines.Machines;

/// <summary>
/// A machine's power state: what the state is, which run belongs to it, and whose turn it is to change it. All changes of state, and the
/// changes of settings that depend on it, take their turn one after another; no lock is held while a provider or a file is asked. Reading
/// never waits for a turn.
/// </summary>
internal sealed class MachinePower
{
    /// <summary>
    /// Guards <see cref="state"/>, <see cref="pauseReason"/>, <see cref="run"/> and <see cref="sessionStarted"/>. Only events are queued
    /// under it.
    /// </summary>
    private readonly Lock sync = new();

    /// <summary>Held by the operation that changes the state, from its check to its end.</summary>
    private readonly Turn turn;

    private readonly MachineContext context;
    private MachineState state;

    /// <summary>
    /// Counts the changes of <see cref="state"/>, so that who has looked at the files knows whether what was seen is still so.
    /// </summary>
    private int stateChanges;

    private PauseReason pauseReason;
    private MachineRun? run;
    private TaskCompletionSource<GuestSession>? sessionStarted;

    /// <summary>Begins with a machine that this process does not run.</summary>
    /// <param name="context">What the machine's parts share.</param>
    public MachinePower(MachineContext context)
    {
        this.context = context;
        turn = new Turn(context.Host.TimeProvider);
        state = OffState;
    }

    /// <summary>
    /// The state now. Of a machine that this process does not run, whether it is saved is asked of its files: another process of the user
    /// may have changed that.
    /// </summary>
    public MachineState State
    {
        get
        {
            while (true)
            {
                (MachineState known, int changes) = Known;
                if (!IsOff(known))
                {
                    return known;
                }

                // A machine that was switched meanwhile may have made the file, or used it up.
                MachineState lasting = OffState;
                if (Known.Changes == changes)
                {
                    return lasting;
                }
            }
        }
    }

    /// <summary>Whether this process runs the machine. Unlike <see cref="State"/>, this asks no file system.</summary>
    public bool IsPoweredUp => !IsOff(Known.State);

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

    /// <summary>The run that is under way; null while the machine is off.</summary>
    public MachineRun? Run
    {
        get
        {
            lock (sync)
            {
                return run;
            }
        }
    }

    /// <summary>The session with the guest of the run that is under way.</summary>
    public GuestSession? Session => Run?.Session;

    private (MachineState State, int Changes) Known
    {
        get
        {
            lock (sync)
            {
                return (state, stateChanges);
            }
        }
    }

    private MachineState OffState => File.Exists(context.Files.SavedState) ? MachineState.Saved : MachineState.TurnedOff;

    /// <summary>Refuses what the state does not allow now.</summary>
    /// <param name="operation">What is wanted.</param>
    /// <exception cref="VirtualMachineException">
    /// The refusal of <see cref="StateRules"/>, or the machine is no longer registered.
    /// </exception>
    public void Demand(MachineOperation operation)
    {
        context.RequireRegistered();
        StateRules.Demand(operation, State, context.Name);
    }

    /// <summary>The session with the guest of a machine that runs or is paused.</summary>
    /// <exception cref="VirtualMachineException">
    /// <see cref="VirtualMachineError.MachineNotRunning"/>, or the machine is no longer registered.
    /// </exception>
    public GuestSession DemandSession()
    {
        Demand(MachineOperation.UseRunningDevices);

        // The machine may have stopped since.
        return Session ?? throw NotRunning();
    }

    /// <summary>The session that a machine has which runs or is turning on.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="VirtualMachineException">
    /// <see cref="VirtualMachineError.MachineNotRunning"/>: the machine is off, or stopped meanwhile.
    /// </exception>
    public Task<GuestSession> WaitForSessionAsync(CancellationToken cancellationToken)
    {
        Task<GuestSession>? session;
        lock (sync)
        {
            session = sessionStarted?.Task;
        }

        if (session is null)
        {
            Demand(MachineOperation.UseRunningDevices);
            throw NotRunning();
        }

        return session.WaitAsync(cancellationToken);
    }

    /// <summary>From now on <see cref="WaitForSessionAsync"/> waits for the session of the start that begins.</summary>
    public void ExpectSession()
    {
        lock (sync)
        {
            sessionStarted = new TaskCompletionSource<GuestSession>(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>Makes a run the one that is under way.</summary>
    /// <param name="started">The run.</param>
    public void BeginRun(MachineRun started)
    {
        TaskCompletionSource<GuestSession>? waiting;
        lock (sync)
        {
            run = started;
            waiting = sessionStarted;
        }

        waiting?.TrySetResult(started.Session);
    }

    /// <summary>
    /// Makes the caller the one who ends a run: there is no run any more, and nobody needs to wait for a session. It is so for one caller
    /// alone, also where an operation hangs and another goes on without the turn.
    /// </summary>
    /// <param name="ending">The run; null for a start that has not come to one.</param>
    /// <returns>False when somebody else ends it.</returns>
    public bool TryEndRun(MachineRun? ending)
    {
        TaskCompletionSource<GuestSession>? waiting;
        lock (sync)
        {
            if (run != ending)
            {
                return false;
            }

            run = null;
            waiting = sessionStarted;
            sessionStarted = null;
        }

        if (waiting is not null && waiting.TrySetException(NotRunning()))
        {
            // Nobody need be waiting.
            _ = waiting.Task.Exception;
        }

        return true;
    }

    /// <summary>The reason that <see cref="PauseReason"/> answers while the machine is paused.</summary>
    /// <param name="reason">The reason.</param>
    public void SetPauseReason(PauseReason reason)
    {
        lock (sync)
        {
            pauseReason = reason;
        }
    }

    /// <summary>Changes the state and raises its event.</summary>
    /// <param name="next">The new state.</param>
    /// <param name="evenIfSame">
    /// Whether the event is raised even when this process last knew that state: the files have said another one since.
    /// </param>
    public void MoveTo(MachineState next, bool evenIfSame = false)
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
            context.RaiseStateChanged(next);
        }

        context.Host.OnActivityChanged();
    }

    /// <summary>Begins an operation that takes nothing before its work.</summary>
    /// <inheritdoc cref="Begin{T}(MachineOperation, MachineState, string, bool, Func{T}, Func{MachineState, T, MachineTask, CancellationToken, Task})"/>
    public MachineTask Begin(
        MachineOperation operation, MachineState passing, string description, bool cancelable, Func<MachineState, MachineTask, CancellationToken, Task> work) =>
        Begin<object?>(operation, passing, description, cancelable, static () => null, (before, _, task, token) => work(before, task, token));

    /// <summary>
    /// Checks an operation, takes the turn, shows the passing state at once where it can (else as soon as the turn is free), and does the
    /// work as a task.
    /// </summary>
    /// <typeparam name="T">What the operation takes for its work; the work gives it back.</typeparam>
    /// <param name="operation">The operation.</param>
    /// <param name="passing">The state while it is under way.</param>
    /// <param name="description">What is being done, on what.</param>
    /// <param name="cancelable">Whether the task can be cancelled.</param>
    /// <param name="take">
    /// Checks and takes what the work needs, in the turn and before the state changes. What it throws is the refusal.
    /// </param>
    /// <param name="work">The work, with the state before.</param>
    /// <exception cref="VirtualMachineException">The operation is refused.</exception>
    public MachineTask Begin<T>(
        MachineOperation operation,
        MachineState passing,
        string description,
        bool cancelable,
        Func<T> take,
        Func<MachineState, T, MachineTask, CancellationToken, Task> work)
    {
        Demand(operation);

        // Only a pause, a resume or a change of settings can have the turn now: everything else shows a state that refuses.
        (MachineState Before, T Taken)? entered = null;
        if (turn.TryTake())
        {
            try
            {
                entered = Enter();
            }
            catch
            {
                turn.Release();
                throw;
            }
        }

        return context.Host.TaskList.Start(description, cancelable, async (task, cancellationToken) =>
        {
            if (entered is null)
            {
                await TakeTurnAsync(cancellationToken);
            }

            try
            {
                (MachineState before, T taken) = entered ?? Enter();
                await work(before, taken, task, cancellationToken);
            }
            finally
            {
                turn.Release();
            }
        });

        (MachineState Before, T Taken) Enter()
        {
            Demand(operation);
            T taken = take();
            MachineState before = State;
            MoveTo(passing);
            return (before, taken);
        }
    }

    /// <summary>Does something quick while no operation is under way.</summary>
    /// <param name="operation">What the state must allow.</param>
    /// <param name="action">What to do.</param>
    /// <exception cref="VirtualMachineException">The operation is refused, or another one has not ended in time.</exception>
    public void InTurn(MachineOperation operation, Action action)
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

    /// <summary>Does something while no operation is under way, whatever the state.</summary>
    /// <param name="action">What to do.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="VirtualMachineException">Another operation has not ended in time.</exception>
    public async Task InTurnAsync(Func<Task> action, CancellationToken cancellationToken)
    {
        await TakeTurnAsync(cancellationToken);
        try
        {
            await action();
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>The refusal of a machine that has stopped.</summary>
    public VirtualMachineException NotRunning() =>
        new(VirtualMachineError.MachineNotRunning, $"The machine '{context.Name}' is not running. Start it first.");

    /// <summary>Does something while no operation is under way, or while one hangs beyond all limits.</summary>
    /// <param name="action">What to do.</param>
    public async Task InTurnOrAfterLimitAsync(Func<Task> action)
    {
        bool entered = await turn.TryTakeAsync(LifecycleLimits.Turn, CancellationToken.None);
        try
        {
            await action();
        }
        finally
        {
            if (entered)
            {
                turn.Release();
            }
        }
    }

    /// <summary>The refusal when another operation has not ended in time.</summary>
    /// <param name="waited">How long was waited for it.</param>
    public VirtualMachineException Busy(TimeSpan waited) => new(
        VirtualMachineError.TimedOut, $"Another operation on the machine '{context.Name}' has not ended in {waited.TotalSeconds:0} s. Try again later.");

    private static bool IsOff(MachineState state) => state is MachineState.TurnedOff or MachineState.Saved;

    private async Task TakeTurnAsync(CancellationToken cancellationToken)
    {
        if (!await turn.TryTakeAsync(LifecycleLimits.Turn, cancellationToken))
        {
            throw Busy(LifecycleLimits.Turn);
        }
    }
}

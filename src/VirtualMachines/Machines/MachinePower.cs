using System.Diagnostics;
using VpcComApi.VirtualMachines.Guests;

namespace VpcComApi.VirtualMachines.Machines;

/// <summary>
/// A machine's power state: what the state is, which run belongs to it, and whose turn it is to change it. All changes of state, and the
/// changes of settings that depend on it, take their turn one after another; no lock is held while a provider or a file is asked. Reading
/// never waits for a turn.
/// </summary>
internal sealed partial class MachinePower
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

    /// <summary>The run that is under way.</summary>
    /// <exception cref="VirtualMachineException"><see cref="VirtualMachineError.MachineNotRunning"/>: it has just ended.</exception>
    public MachineRun DemandRun() => Run ?? throw NotRunning();

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
    /// <param name="ending">The run.</param>
    /// <returns>False when somebody else ends it.</returns>
    public bool TryEndRun(MachineRun ending)
    {
        lock (sync)
        {
            if (run != ending)
            {
                return false;
            }

            run = null;
        }

        ExpectNoSession();
        return true;
    }

    /// <summary>Nobody needs to wait for a session: the machine ends, or its start has failed.</summary>
    public void ExpectNoSession()
    {
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
            Enter(next, evenIfSame);
        }

        context.Host.OnActivityChanged();
    }

    /// <summary>Changes the state of a run that is still under way.</summary>
    /// <param name="owner">The run.</param>
    /// <param name="next">The new state.</param>
    /// <exception cref="VirtualMachineException">
    /// <see cref="VirtualMachineError.MachineNotRunning"/>: somebody else has ended the run.
    /// </exception>
    public void MoveTo(MachineRun owner, MachineState next)
    {
        if (!TryMoveTo(owner, next))
        {
            throw NotRunning();
        }
    }

    /// <summary>Changes the state of a run that is still under way.</summary>
    /// <param name="owner">The run.</param>
    /// <param name="next">The new state.</param>
    /// <returns>False when somebody else has ended the run, and shows its state.</returns>
    public bool TryMoveTo(MachineRun owner, MachineState next)
    {
        lock (sync)
        {
            if (run != owner)
            {
                return false;
            }

            Enter(next, evenIfSame: false);
        }

        context.Host.OnActivityChanged();
        return true;
    }

    /// <summary>The refusal of a machine that has stopped.</summary>
    public VirtualMachineException NotRunning() =>
        new(VirtualMachineError.MachineNotRunning, $"The machine '{context.Name}' is not running. Start it first.");

    private void Enter(MachineState next, bool evenIfSame)
    {
        Debug.Assert(sync.IsHeldByCurrentThread, "The state is guarded by the lock.");
        if (state == next && !evenIfSame)
        {
            return;
        }

        state = next;
        stateChanges++;

        // Queued under the lock, so that the order of events is that of the states; raised elsewhere.
        context.RaiseStateChanged(next);
    }

    private static bool IsOff(MachineState state) => state is MachineState.TurnedOff or MachineState.Saved;
}

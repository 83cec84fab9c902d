using VpcComApi.VirtualMachines.Tasks;

namespace VpcComApi.VirtualMachines.Machines;

/// <content>The turn: operations that change the state follow one another.</content>
internal sealed partial class MachinePower
{
    /// <summary>Begins an operation that takes nothing before its work.</summary>
    /// <returns>Its task.</returns>
    /// <exception cref="VirtualMachineException">The machine's state refuses the operation, or another one does not end.</exception>
    public MachineTask Begin(
        MachineOperation operation, MachineState passing, string description, bool cancelable,
        Func<MachineState, MachineTask, CancellationToken, Task> work) =>
        Begin<object?>(
            operation, passing, description, cancelable, static () => null, (before, _, task, token) => work(before, task, token));

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
                entered = TakeAndPass();
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
                (MachineState before, T taken) = entered ?? TakeAndPass();
                await work(before, taken, task, cancellationToken);
            }
            finally
            {
                turn.Release();
            }
        });

        (MachineState Before, T Taken) TakeAndPass()
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
        VirtualMachineError.TimedOut,
        $"Another operation on the machine '{context.Name}' has not ended in {waited.TotalSeconds:0} s. Try again later.");

    private async Task TakeTurnAsync(CancellationToken cancellationToken)
    {
        if (!await turn.TryTakeAsync(LifecycleLimits.Turn, cancellationToken))
        {
            throw Busy(LifecycleLimits.Turn);
        }
    }
}

using VpcComApi.VirtualMachines.Guests;
using VpcComApi.VirtualMachines.Tasks;

namespace VpcComApi.VirtualMachines.Machines;

/// <summary>Ends a machine when the application ends.</summary>
/// <param name="context">What the machine's parts share.</param>
/// <param name="power">The machine's state.</param>
/// <param name="settings">Says how the machine is ended.</param>
/// <param name="lifecycle">Ends it.</param>
/// <param name="guest">Is asked to shut down.</param>
internal sealed class MachineQuit(
    MachineContext context, MachinePower power, MachineSettings settings, MachineLifecycle lifecycle, GuestOperatingSystem guest)
{
    /// <summary>How often is looked whether a guest that ends already is up again instead.</summary>
    private static readonly TimeSpan GuestEndInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Ends the machine by its <see cref="VirtualMachine.ShutdownActionOnQuit"/>. Never throws for what the machine does; the machine is
    /// off afterwards.
    /// </summary>
    public async Task EndAsync()
    {
        // Tasks under way end first: a start was cancelled, a save or power-off is what is wanted.
        await power.InTurnAsync(
            () =>
            {
                lifecycle.LeavesUndoDisks = true;
                return Task.CompletedTask;
            },
            CancellationToken.None);
        if (StateRules.Refusal(MachineOperation.TurnOff, power.State) is not null || await GuestEndsAsync())
        {
            return;
        }

        ShutdownAction action = ReadAction();
        if (action == ShutdownAction.Shutdown && await ShutGuestDownAsync())
        {
            return;
        }

        if (action != ShutdownAction.TurnOff && await SucceedsAsync(lifecycle.Save))
        {
            return;
        }

        await SucceedsAsync(lifecycle.TurnOff);
    }

    private ShutdownAction ReadAction()
    {
        try
        {
            return settings.ShutdownActionOnQuit;
        }
        catch (VirtualMachineException)
        {
            return ShutdownAction.Save;
        }
    }

    /// <summary>
    /// A guest that was asked to end before is let end: saved or turned off in the middle, it would lose what it is about to write.
    /// </summary>
    /// <returns>Whether the machine is off with that.</returns>
    private async Task<bool> GuestEndsAsync()
    {
        if (power.Run is not { } current || power.State != MachineState.Running)
        {
            return false;
        }

        // A guest that restarts is up again some time, and is dealt with then as any other.
        long began = context.Host.TimeProvider.GetTimestamp();
        while (!current.Finished.IsCompleted
            && current.Session.End.IsUnderWay
            && context.Host.TimeProvider.GetElapsedTime(began) < LifecycleLimits.GuestShutdownOnQuit)
        {
            await ((Task)current.Finished).WaitAsync(
                GuestEndInterval, context.Host.TimeProvider).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return current.Finished.IsCompleted;
    }

    private async Task<bool> ShutGuestDownAsync()
    {
        if (power.Session is not { IsReady: true })
        {
            return false;
        }

        try
        {
            return await SucceedsAsync(
                () => guest.Shutdown(forced: false)).WaitAsync(LifecycleLimits.GuestShutdownOnQuit, context.Host.TimeProvider);
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
}

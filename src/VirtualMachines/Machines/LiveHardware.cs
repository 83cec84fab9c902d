using VpcComApi.VirtualMachines.Events;
using VpcComApi.VirtualMachines.Guests;
using VpcComApi.VirtualMachines.Peripherals;
using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.VirtualMachines.Machines;

/// <summary>
/// The hardware that follows the configuration while the machine runs: what is in its drives, and what its network cards are plugged into.
/// The running machine is asked first: what it cannot do is not written into the .vmc file either.
/// </summary>
/// <param name="context">What the machine's parts share.</param>
/// <param name="power">The machine's state.</param>
/// <param name="access">Calls the running machine.</param>
internal sealed class LiveHardware(MachineContext context, MachinePower power, IMachineAccess access)
{
    /// <summary>Held while the running machine and the configuration are brought to the same.</summary>
    private readonly Turn changing = new(context.Host.TimeProvider);

    /// <summary>Changes a part of the hardware in the running machine, if there is one, and then in the configuration.</summary>
    /// <param name="what">What is asked of the running machine, for texts.</param>
    /// <param name="find">Finds the call that changes the running machine; null when its provider cannot change it.</param>
    /// <param name="change">Changes the configuration.</param>
    /// <exception cref="VirtualMachineException">
    /// The running machine refused or did not answer, or the file could not be written.
    /// </exception>
    public void Change(string what, Func<IRunningMachine, Func<CancellationToken, Task>?> find, Action change)
    {
        power.Demand(MachineOperation.ChangeFreeSetting);
        if (!changing.TryTake(LifecycleLimits.LiveChange))
        {
            throw power.Busy(LifecycleLimits.LiveChange);
        }

        try
        {
            if (power.Run is { } current && find(current.Machine) is { } call)
            {
#pragma warning disable VSTHRD002 // A setting is set synchronously, as COM does; the call has a limit.
                ApplyAsync(what, call).GetAwaiter().GetResult();
#pragma warning restore VSTHRD002
            }

            change();
        }
        finally
        {
            changing.Release();
        }
    }

    /// <summary>
    /// Brings a machine that has just started to what the configuration says by now. Each change that fails is logged, and the machine runs
    /// on without it.
    /// </summary>
    /// <param name="machine">The machine.</param>
    /// <param name="started">The hardware that it was started with.</param>
    /// <param name="now">Reads the hardware of the configuration.</param>
    public async Task CatchUpAsync(IRunningMachine machine, ChangeableHardware started, Func<ChangeableHardware> now)
    {
        if (!await changing.TryTakeAsync(LifecycleLimits.CatchUp, CancellationToken.None))
        {
            VirtualMachineException busy = power.Busy(LifecycleLimits.CatchUp);
            MachineLog.OperationFailed(context.Logger, busy, MachineOperation.ChangeFreeSetting, context.Name, busy.Message);
            return;
        }

        try
        {
            foreach ((string what, Func<CancellationToken, Task> change) in Differences(machine, started, now()))
            {
                await TryApplyAsync(what, change);
            }
        }
        catch (VirtualMachineException e)
        {
            // The configuration could not be read.
            MachineLog.OperationFailed(context.Logger, e, MachineOperation.ChangeFreeSetting, context.Name, e.Message);
        }
        finally
        {
            changing.Release();
        }
    }

    /// <summary>The calls that bring a running machine from the hardware that it was started with to the wanted one.</summary>
    private static IEnumerable<(string What, Func<CancellationToken, Task> Change)> Differences(
        IRunningMachine machine, ChangeableHardware started, ChangeableHardware wanted)
    {
        if (machine.Can(MachineCapabilities.MediaChange))
        {
            IRemovableDrives drives = machine.RemovableDrives;
            foreach (MachineDvdDrive drive in wanted.DvdDrives.Except(started.DvdDrives))
            {
                yield return ("change what is in its drive", token => drives.ChangeDvdAsync(drive.Bus, drive.Device, drive.Medium, token));
            }

            foreach (MachineFloppyDrive drive in wanted.FloppyDrives.Except(started.FloppyDrives))
            {
                yield return ("change what is in its drive", token => drives.ChangeFloppyAsync(drive.Number, drive.Medium, token));
            }
        }

        if (machine.Can(MachineCapabilities.NetworkCables))
        {
            INetworkCables cables = machine.NetworkCables;
            foreach (MachineNetworkCard card in wanted.NetworkCards.Except(started.NetworkCards))
            {
                yield return ("plug its network card in elsewhere", token => cables.PlugAsync(card.Number, card.Network, token));
            }
        }
    }

    /// <summary>Makes one of several changes. One that fails is logged and does not keep the others from being made.</summary>
    private async Task TryApplyAsync(string what, Func<CancellationToken, Task> change)
    {
        try
        {
            await ApplyAsync(what, change);
        }
        catch (VirtualMachineException e)
        {
            MachineLog.OperationFailed(context.Logger, e, MachineOperation.ChangeFreeSetting, context.Name, e.Message);
        }
    }

    private async Task ApplyAsync(string what, Func<CancellationToken, Task> call)
    {
        try
        {
            await access.CallAsync(what, call, CancellationToken.None);
        }
        catch (VirtualMachineException e) when (e.Error == VirtualMachineError.MachineNotRunning)
        {
            // It has just ended; its next start reads the configuration.
        }
    }
}

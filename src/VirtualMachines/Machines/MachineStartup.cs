using VpcComApi.VirtualMachines.Channels;
using VpcComApi.VirtualMachines.Configuration;
using VpcComApi.VirtualMachines.Events;
using VpcComApi.VirtualMachines.Guests;
using VpcComApi.VirtualMachines.Providers;
using VpcComApi.VirtualMachines.Tasks;

namespace VpcComApi.VirtualMachines.Machines;

/// <summary>Boots a machine or restores its saved state. When that fails, the machine is what it was before.</summary>
/// <param name="context">What the machine's parts share.</param>
/// <param name="power">The machine's state.</param>
/// <param name="settings">The machine's settings.</param>
/// <param name="description">Shows the state to other programs.</param>
/// <param name="undoDisks">The disks of a start.</param>
/// <param name="hardware">The rest of the machine's hardware.</param>
/// <param name="watch">Watches a machine that runs.</param>
internal sealed class MachineStartup(
    MachineContext context,
    MachinePower power,
    MachineSettings settings,
    MachineDescription description,
    UndoDisks undoDisks,
    MachineHardware hardware,
    RunWatch watch)
{
    /// <inheritdoc cref="VirtualMachine.Startup"/>
    public MachineTask Begin(StartupOption option)
    {
        if (!Enum.IsDefined(option))
        {
            throw new VirtualMachineException(VirtualMachineError.InvalidArgument, $"{(int)option} is no startup option. Use 0 or 1.");
        }

        return power.Begin(
            MachineOperation.Startup,
            MachineState.TurningOn,
            $"Starting the machine '{context.Name}'",
            cancelable: true,
            take: () => Take(option),
            work: StartAsync);
    }

    private StartResources Take(StartupOption option)
    {
        context.Host.DemandOpen();
        context.Configuration.Check();
        IMachineProvider provider = context.Host.ProviderOf(context.Name, context.Configuration.Text(ConfigurationKeys.Provider));
        context.Host.DemandRoomForAnotherMachine();
        FileUseLock runLock = context.TakeRunLock(VirtualMachineError.MachineRunning);
        try
        {
            StartResources resources = new(context, provider, runLock, undoDisks.Take(option));
            power.ExpectSession();
            return resources;
        }
        catch
        {
            runLock.Dispose();
            throw;
        }
    }

    private async Task StartAsync(MachineState before, StartResources resources, MachineTask task, CancellationToken cancellationToken)
    {
        bool restoring = before == MachineState.Saved;
        try
        {
            if (restoring)
            {
                power.MoveTo(MachineState.Restoring);
            }

            undoDisks.Make(resources.Disks);
            MachineStart start = PrepareStart(restoring, resources.Disks);
            IRunningMachine machine = await resources.PowerUpAsync(
                start, new TaskProgress(task, 0, MachineLifecycle.ProviderPercent), cancellationToken);
            task.EndCancellation();
            if (restoring)
            {
                // Before anything is changed by the guest: a saved state that has been used must not be used again.
                context.DeleteSavedState();
            }

            settings.Activation.Load(context.Configuration.File.Current);
            MachineRun started = resources.HandOver(CreateSession(machine, start), start.MemoryMegabytes);
            power.BeginRun(started);
            await hardware.ConnectAsync(started, start);
            power.MoveTo(started, MachineState.Running);

            // Not before the state: whoever is woken by the ready event must find the machine running.
            started.Session.ExpectGuest();
            description.Write();
            watch.Begin(started, resources.Disks.Folders);
        }
        catch (Exception e)
        {
            settings.Activation.Clear();
            power.ExpectNoSession();
            MachineRun? failed = power.Run;
            if (failed is not null && power.TryEndRun(failed))
            {
                context.Host.UsbDeviceList.ReturnAll(context.Machine);
                await failed.DisposeAsync();
            }

            await resources.DisposeAsync();
            power.MoveTo(before);
            failed?.Finish(before);
            if (!cancellationToken.IsCancellationRequested)
            {
                MachineLog.StartFailed(context.Logger, e, context.Name, e.Message);
            }

            if (e is VirtualMachineException { Error: VirtualMachineError.SavedStateUnreadable
                or VirtualMachineError.SavedStateBadVersion } refusal)
            {
                refusal.Remedy = new Remedy(RemedyAction.DiscardSavedState, context.Name);
            }

            throw;
        }

        if (restoring)
        {
            MachineLog.MachineRestored(context.Logger, context.Name, resources.Provider.Name);
        }
        else
        {
            MachineLog.MachineLaunched(context.Logger, context.Name, resources.Provider.Name);
        }
    }

    private MachineStart PrepareStart(bool restoring, StartDisks disks)
    {
        FirmwareIdentity firmware = context.Configuration.EnsureFirmwareIdentity();
        int memory = settings.MemoryMegabytes;
        MachineSettings.CheckMemory(memory);
        context.Configuration.EnsureEthernetAddresses(hardware.AddressesOfOthers());
        ChangeableHardware changeable = hardware.Configured;
        MachineFiles files = context.Files;
        return new MachineStart
        {
            MachineName = context.Name,
            ConfigurationId = context.Machine.ConfigurationId,
            MemoryMegabytes = memory,
            Firmware = firmware,
            Configuration = context.Configuration.File.Current.Clone(),
            HardDisks = disks.Disks,
            DvdDrives = changeable.DvdDrives,
            FloppyDrives = changeable.FloppyDrives,
            NetworkCards = changeable.NetworkCards,
            NonVolatileMemoryFile = files.NonVolatileMemory,
            SavedStateFile = restoring ? files.SavedState : null,
            TimeProvider = context.Host.TimeProvider,
        };
    }

    private GuestSession CreateSession(IRunningMachine machine, MachineStart start) => new(
        machine,
        new GuestSessionOptions
        {
            MachineName = start.MachineName,
            ReadyEvent = ReadyEvent.Create(start.Firmware.ChassisAssetTag, start.MachineName, context.Logger),
            Configuration = start.Configuration,
            Occurred = watch.OnGuestOccurrence,
            ComponentsSeen = watch.OnComponentsSeen,
            ComponentsRemoved = watch.OnComponentsRemoved,
            LoggerFactory = context.Host.LoggerFactory,
            TimeProvider = context.Host.TimeProvider,
        });
}

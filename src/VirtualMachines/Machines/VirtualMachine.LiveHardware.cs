using System.Net.NetworkInformation;
using VpcComApi.VirtualMachines.Catalogue;
using VpcComApi.VirtualMachines.Configuration;
using VpcComApi.VirtualMachines.Disks;
using VpcComApi.VirtualMachines.Events;
using VpcComApi.VirtualMachines.Guests;
using VpcComApi.VirtualMachines.Networks;
using VpcComApi.VirtualMachines.Peripherals;
using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.VirtualMachines.Machines;

/// <content>
/// The hardware that follows the configuration while the machine runs: what is in its drives, and what its network cards are plugged into. The running
/// machine is asked first: what it cannot do is not written into the .vmc file either.
/// </content>
public sealed partial class VirtualMachine
{
    /// <summary>Held while the running machine and the configuration are brought to the same.</summary>
    private readonly Turn liveHardware;

    /// <summary>Changes what is in a drive, which is possible in any state.</summary>
    /// <param name="apply">Tells a machine that runs.</param>
    /// <param name="change">Changes the configuration.</param>
    internal void ChangeMedia(Func<IRemovableDrives, CancellationToken, Task> apply, Action<XmlValueDocument> change) => ChangeLiveHardware(
        "change what is in its drive",
        machine => machine.RemovableDrives is { } drives ? token => apply(drives, token) : null,
        () => Configuration.File.Update(change));

    /// <summary>Changes what a network card is plugged into, which is possible in any state.</summary>
    /// <param name="card">The card's number.</param>
    /// <param name="network">The network; null for none.</param>
    /// <param name="change">Changes the configuration.</param>
    internal void ChangeCable(int card, VirtualNetworkKind? network, Action change) => ChangeLiveHardware(
        "plug its network card in elsewhere",
        machine => machine.NetworkCables is { } cables ? token => cables.PlugAsync(card, network, token) : null,
        change);

    /// <inheritdoc/>
    string IGuestOwner.IntegrationMediaFolder => host.IntegrationMediaFolder;

    /// <inheritdoc/>
    void IGuestOwner.InsertIntegrationDisc(IntegrationDisc disc)
    {
        IReadOnlyList<DvdDrive> drives = DvdDrives;
        DvdDrive? drive = drives.FirstOrDefault(candidate => IsIntegrationMedia(candidate.Medium));
        if (drive is not null)
        {
            ReleaseIntegrationMedia(drive);
        }

        drive ??= drives.FirstOrDefault(candidate => candidate.Medium is null)
            ?? throw new VirtualMachineException(
                VirtualMachineError.DriveInvalid,
                $"The machine '{Name}' has no empty DVD drive for the disc of the integration components. Release what is in one, or add one while it is off.");
        drive.AttachImage(disc.Path);
    }

    private bool IsIntegrationMedia(MachineMedium? medium) => medium is { IsHostDrive: false }
        && RegistrationFile.FileNameComparer.Equals(Path.GetDirectoryName(medium.Name), Path.TrimEndingDirectorySeparator(host.IntegrationMediaFolder));

    private void ReleaseIntegrationMedia(DvdDrive drive)
    {
        try
        {
            drive.ReleaseImage();
        }
        catch (VirtualMachineException e) when (e.Error != VirtualMachineError.MediaWrongType)
        {
            throw new VirtualMachineException(
                VirtualMachineError.MediaUnmountFailed, $"The disc in the DVD drive {drive.Position} of the machine '{Name}' could not be taken out. {e.Message}", e);
        }
        catch (VirtualMachineException)
        {
            // Somebody else has taken it out meanwhile.
        }
    }

    private void ChangeLiveHardware(string what, Func<IRunningMachine, Func<CancellationToken, Task>?> find, Action change)
    {
        Demand(MachineOperation.ChangeFreeSetting);
        if (!liveHardware.TryTake(LifecycleLimits.QuickTurn))
        {
            throw Busy(LifecycleLimits.QuickTurn);
        }

        try
        {
            if (Run is { } current && find(current.Machine) is { } call)
            {
                ApplyAsync(what, call).GetAwaiter().GetResult();
            }

            change();
        }
        finally
        {
            liveHardware.Release();
        }
    }

    private async Task ApplyAsync(string what, Func<CancellationToken, Task> call)
    {
        try
        {
            await this.CallAsync(what, call, CancellationToken.None);
        }
        catch (VirtualMachineException e) when (e.Error == VirtualMachineError.MachineNotRunning)
        {
            // It has just ended; its next start reads the configuration.
        }
    }

    /// <summary>Brings a machine that has just started to what the configuration says by now. What fails is logged, and the machine runs on without it.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="start">What it was started with.</param>
    private async Task CatchUpAsync(IRunningMachine machine, MachineStart start)
    {
        if (!await liveHardware.TryTakeAsync(LifecycleLimits.CatchUp, CancellationToken.None))
        {
            VirtualMachineException busy = Busy(LifecycleLimits.CatchUp);
            MachineLog.OperationFailed(logger, busy, MachineOperation.ChangeFreeSetting, Name, busy.Message);
            return;
        }

        try
        {
            if (machine.RemovableDrives is { } drives)
            {
                foreach (MachineDvdDrive drive in DvdDrivesNow().Except(start.DvdDrives))
                {
                    await ApplyAsync("change what is in its drive", token => drives.ChangeDvdAsync(drive.Bus, drive.Device, drive.Medium, token));
                }

                foreach (MachineFloppyDrive drive in FloppyDrivesNow().Except(start.FloppyDrives))
                {
                    await ApplyAsync("change what is in its drive", token => drives.ChangeFloppyAsync(drive.Number, drive.Medium, token));
                }
            }

            if (machine.NetworkCables is { } cables)
            {
                foreach (MachineNetworkCard card in NetworkCardsNow().Except(start.NetworkCards))
                {
                    await ApplyAsync("plug its network card in elsewhere", token => cables.PlugAsync(card.Number, card.Network, token));
                }
            }
        }
        catch (VirtualMachineException e)
        {
            MachineLog.OperationFailed(logger, e, MachineOperation.ChangeFreeSetting, Name, e.Message);
        }
        finally
        {
            liveHardware.Release();
        }
    }

    private IReadOnlyList<MachineDvdDrive> DvdDrivesNow() =>
        [.. At(MachineDriveType.Dvd).Select(location => new MachineDvdDrive(location.Bus, location.Device, RemovableDrive.MediumOf(DvdMediaAt(location))))];

    private IReadOnlyList<MachineFloppyDrive> FloppyDrivesNow() => [.. FloppyDrives.Select(drive => new MachineFloppyDrive(drive.Number, drive.Medium))];

    private IReadOnlyList<MachineNetworkCard> NetworkCardsNow() =>
        [.. NetworkCards.Select(card => new MachineNetworkCard(card.Id, new PhysicalAddress(card.Address.ToBytes()), card.TryGetNetwork()?.Kind))];
}

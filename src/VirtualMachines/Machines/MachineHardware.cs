using VpcComApi.VirtualMachines.Disks;
using VpcComApi.VirtualMachines.Networks;
using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.VirtualMachines.Machines;

/// <summary>
/// A machine's hardware beside its hard disks: what a start gives to the provider, and what is connected once the machine runs.
/// </summary>
/// <param name="drives">The drives.</param>
/// <param name="cards">The network cards.</param>
/// <param name="serialPorts">The serial ports.</param>
/// <param name="live">Changes the hardware of a machine that runs.</param>
internal sealed class MachineHardware(MachineDrives drives, MachineNetworkCards cards, SerialPortWiring serialPorts, LiveHardware live)
{
    /// <summary>What the configuration says now.</summary>
    /// <exception cref="VirtualMachineException">The machine is no longer registered, or its file could not be read.</exception>
    public ChangeableHardware Configured
    {
        get
        {
            ConfiguredDrives configured = drives.Configured;
            return new ChangeableHardware(
                [.. from location in configured.At(MachineDriveType.Dvd)
                    select new MachineDvdDrive(location.Bus, location.Device, RemovableDrive.MediumOf(configured.DvdMediaAt(location)))],
                [.. drives.FloppyDrives.Select(drive => new MachineFloppyDrive(drive.Number, drive.Medium))],
                cards.Configured);
        }
    }

    /// <inheritdoc cref="MachineNetworkCards.AddressesOfOthers"/>
    public HashSet<EthernetAddress> AddressesOfOthers() => cards.AddressesOfOthers();

    /// <summary>Connects a machine that has just started to what its configuration says by now.</summary>
    /// <param name="started">The run.</param>
    /// <param name="start">What it was started with.</param>
    public Task ConnectAsync(MachineRun started, MachineStart start)
    {
        serialPorts.Connect(started);
        ChangeableHardware startedWith = new(start.DvdDrives, start.FloppyDrives, start.NetworkCards);
        return live.CatchUpAsync(started.Machine, startedWith, () => Configured);
    }
}

using VpcComApi.VirtualMachines.Disks;

namespace VpcComApi.VirtualMachines.Machines;

/// <summary>A hard disk at a position of a machine's IDE buses.</summary>
public sealed class HardDiskConnection
{
    private readonly MachineDrives drives;

    internal HardDiskConnection(MachineDrives drives, DriveLocation location)
    {
        this.drives = drives;
        Position = location;
    }

    /// <summary>The machine.</summary>
    public VirtualMachine Machine => drives.Machine;

    /// <summary>Where the disk is connected. Changed by <see cref="SetBusLocation"/>.</summary>
    /// <exception cref="VirtualMachineException"><see cref="VirtualMachineError.DriveInvalid"/>: the connection was removed.</exception>
    public DriveLocation Location
    {
        get
        {
            drives.CheckConnected(Position, MachineDriveType.HardDisk);
            return Position!.Value;
        }
    }

    /// <summary>The disk.</summary>
    /// <exception cref="VirtualMachineException"><see cref="VirtualMachineError.DriveInvalid"/>: the connection was removed.</exception>
    public HardDisk HardDisk => drives.HardDiskAt(Location);

    /// <summary>The undo disk.</summary>
    /// <exception cref="VirtualMachineException"><see cref="VirtualMachineError.FileNotFound"/>: there is none.</exception>
    public HardDisk UndoHardDisk => drives.UndoDiskAt(Location);

    /// <summary>The position; null when the connection was removed.</summary>
    internal DriveLocation? Position { get; set; }

    /// <summary>Connects the disk elsewhere. Only while the machine is off.</summary>
    /// <param name="bus">0 or 1.</param>
    /// <param name="device">0 or 1.</param>
    /// <exception cref="VirtualMachineException">
    /// The machine is not off, or the position is taken, bad, or the connection was removed.
    /// </exception>
    public void SetBusLocation(int bus, int device) => drives.Move(Location, MachineDriveType.HardDisk, bus, device);
}

namespace VpcComApi.VirtualMachines.Disks;

/// <summary>
/// What is connected at a position of the IDE buses. The numbers are those of the contract's VMDriveType, and of the .vmc files.
/// </summary>
public enum MachineDriveType
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>A hard disk.</summary>
    HardDisk = 1,

    /// <summary>A CD or DVD drive.</summary>
    Dvd = 2,
}

using VpcComApi.VirtualMachines.Configuration;
using VpcComApi.VirtualMachines.Disks;
using VpcComApi.VirtualMachines.VmcFiles;

namespace VpcComApi.VirtualMachines.Machines;

/// <summary>The drives of a machine as its configuration says.</summary>
/// <param name="values">The configuration's values.</param>
/// <param name="folder">The folder of the .vmc file, which relative paths begin at.</param>
internal readonly struct ConfiguredDrives(IReadOnlyValues values, string folder)
{
    /// <summary>What is connected at each of the four positions, in the order of bus, then device.</summary>
    public IReadOnlyList<MachineDriveType> Types
    {
        get
        {
            ConfiguredDrives drives = this;
            return [.. DriveLocation.All.Select(drives.TypeAt)];
        }
    }

    /// <summary>What is connected at a position. A hard disk without a file is nothing.</summary>
    public MachineDriveType TypeAt(DriveLocation location)
    {
        MachineDriveType type = values.TryGetValue(location.TypeKey, out object? value) && value is int number
            ? (MachineDriveType)number
            : MachineDriveType.None;
        return type switch
        {
            MachineDriveType.HardDisk when !location.Media.HasPath(values) => MachineDriveType.None,
            MachineDriveType.HardDisk or MachineDriveType.Dvd => type,
            _ => MachineDriveType.None,
        };
    }

    /// <summary>The positions at which a kind of drive is connected, in the order of bus, then device.</summary>
    public IReadOnlyList<DriveLocation> At(MachineDriveType type)
    {
        ConfiguredDrives drives = this;
        return [.. DriveLocation.All.Where(location => drives.TypeAt(location) == type)];
    }

    /// <summary>The full path of the hard disk at a position.</summary>
    public string DiskAt(DriveLocation location) => location.Media.ReadFile(values, folder);

    /// <summary>The full path of the undo disk at a position; null when there is none or its file is missing.</summary>
    public string? UndoDiskAt(DriveLocation location) =>
        location.Undo.ReadFile(values, folder) is { Length: > 0 } path && File.Exists(path) ? path : null;

    /// <summary>What is in the DVD drive at a position: an image's full path, a host drive's letter, or nothing.</summary>
    public string DvdMediaAt(DriveLocation location) => location.Media.Read(values, folder);

    /// <summary>
    /// The file that a start would write to for the disk at a position: the undo disk if there is one in use; empty where there is no disk.
    /// </summary>
    public string DiskInUseAt(DriveLocation location)
    {
        if (TypeAt(location) != MachineDriveType.HardDisk)
        {
            return string.Empty;
        }

        bool undoable = values.TryGetValue(ConfigurationKeys.UndoEnabled, out object? flag) && flag is true;
        return (undoable ? UndoDiskAt(location) : null) ?? DiskAt(location);
    }

    /// <summary>The disks that a saved machine will go on with.</summary>
    /// <param name="configuration">Its configuration, which need not be without faults.</param>
    /// <param name="folder">The folder of its files.</param>
    public static IReadOnlyList<string> DisksOfSavedState(MachineConfiguration configuration, string folder)
    {
        List<string> disks = [];
        try
        {
            ConfiguredDrives drives = new(configuration.File.Current, folder);
            foreach (DriveLocation location in drives.At(MachineDriveType.HardDisk))
            {
                string leaf = drives.UndoDiskAt(location) ?? drives.DiskAt(location);
                disks.Add(leaf);
                disks.AddRange(HardDiskList.ChainOf(leaf));
            }
        }
        catch (VirtualMachineException)
        {
            // A chain that cannot be read protects no more than what could be read of it.
        }

        return disks;
    }
}

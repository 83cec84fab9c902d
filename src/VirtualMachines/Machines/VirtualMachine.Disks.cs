using VpcComApi.VirtualDisks;
using VpcComApi.VirtualMachines.Catalogue;
using VpcComApi.VirtualMachines.Configuration;
using VpcComApi.VirtualMachines.Disks;
using VpcComApi.VirtualMachines.PhysicalHost;

namespace VpcComApi.VirtualMachines.Machines;

/// <content>Hard disks, DVD drives and floppy drives, as they stand in the .vmc file. One object a drive, for as long as it is connected.</content>
public sealed partial class VirtualMachine
{
    /// <summary>The largest disk that an IDE bus of such a machine addresses: 127 GB.</summary>
    public const long MaximumIdeDiskSize = 127L << 30;

    private readonly Dictionary<DriveLocation, HardDiskConnection> hardDisks = [];
    private readonly Dictionary<DriveLocation, DvdDrive> dvdDrives = [];
    private FloppyDrive? floppyDrive;

    /// <summary>The connected hard disks, in the order of the positions.</summary>
    /// <exception cref="VirtualMachineException">The machine is no longer registered, or its configuration cannot be read.</exception>
    public IReadOnlyList<HardDiskConnection> HardDiskConnections => [.. At(MachineDriveType.HardDisk).Select(ConnectionAt)];

    /// <summary>The DVD drives, in the order of the positions.</summary>
    /// <exception cref="VirtualMachineException">The machine is no longer registered, or its configuration cannot be read.</exception>
    public IReadOnlyList<DvdDrive> DvdDrives => [.. At(MachineDriveType.Dvd).Select(DvdDriveAt)];

    /// <summary>The floppy drives: one.</summary>
    /// <exception cref="VirtualMachineException">The machine is no longer registered.</exception>
    public IReadOnlyList<FloppyDrive> FloppyDrives
    {
        get
        {
            RequireRegistered();
            lock (sync)
            {
                return [floppyDrive ??= new FloppyDrive(this, number: 0)];
            }
        }
    }

    /// <summary>What is connected at each of the four positions, in the order of bus, then device.</summary>
    /// <exception cref="VirtualMachineException">The machine is no longer registered, or its configuration cannot be read.</exception>
    public IReadOnlyList<MachineDriveType> AttachedDriveTypes
    {
        get
        {
            IReadOnlyValues values = DriveValues;
            return [.. DriveLocation.All.Select(location => TypeAt(values, location))];
        }
    }

    /// <summary>The configuration, for drives.</summary>
    internal IReadOnlyValues DriveValues => Registered().File.Current;

    /// <summary>The computer whose drives can be used.</summary>
    internal HostComputer HostComputer => host.Computer;

    /// <summary>Connects a hard disk. Only while the machine is off.</summary>
    /// <param name="path">The full path of the disk.</param>
    /// <param name="bus">0 or 1.</param>
    /// <param name="device">0 or 1.</param>
    /// <exception cref="VirtualMachineException">
    /// The machine is not off, the position is bad or taken, the disk is connected already, or the file is missing, no disk, or larger than 127 GB.
    /// </exception>
    public HardDiskConnection AddHardDiskConnection(string? path, int bus, int device)
    {
        if (path is null)
        {
            throw new VirtualMachineException(VirtualMachineError.InvalidArgument, $"No disk was given for the machine '{Name}'.");
        }

        DriveLocation location = DriveLocation.Check(bus, device);
        string full = string.Empty;
        InTurn(MachineOperation.ChangeHardware, () =>
        {
            full = DiskPaths.CheckExisting(path);
            DemandFree(location);
            if (At(MachineDriveType.HardDisk).Any(other => DiskPaths.Comparer.Equals(DiskPathAt(other), full)))
            {
                throw new VirtualMachineException(VirtualMachineError.SharingViolation, $"The disk {full} is connected to the machine '{Name}' already.");
            }

            VirtualDiskInfo info = DiskErrors.Run($"The disk {full} could not be read", () => VirtualDiskInfo.Read(full));
            if (info.Size > MaximumIdeDiskSize)
            {
                throw new VirtualMachineException(
                    VirtualMachineError.InvalidDiskFile, $"The disk {full} has {info.Size >> 30:N0} GB; an IDE bus takes {MaximumIdeDiskSize >> 30} GB at most.");
            }

            Configuration.File.Update(document => Connect(document, location, MachineDriveType.HardDisk, full, undo: string.Empty));
        });
        OnConfigurationChanged(location.Media.AbsoluteKey, full);
        WriteDescription();
        return ConnectionAt(location);
    }

    /// <summary>Disconnects a hard disk. Only while the machine is off. The disk's file, and an undo disk's, stay.</summary>
    /// <param name="connection">The connection.</param>
    /// <exception cref="VirtualMachineException">The machine is not off, or the disk is not connected to it.</exception>
    public void RemoveHardDiskConnection(HardDiskConnection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        DriveLocation location = Disconnect(connection.Machine, () => connection.Location);
        lock (sync)
        {
            hardDisks.Remove(location);
            connection.Position = null;
        }
    }

    /// <summary>Connects a DVD drive. Only while the machine is off.</summary>
    /// <param name="bus">0 or 1.</param>
    /// <param name="device">0 or 1.</param>
    /// <exception cref="VirtualMachineException">The machine is not off, or the position is bad or taken.</exception>
    public DvdDrive AddDvdDrive(int bus, int device)
    {
        DriveLocation location = DriveLocation.Check(bus, device);
        InTurn(MachineOperation.ChangeHardware, () =>
        {
            DemandFree(location);
            Configuration.File.Update(document => Connect(document, location, MachineDriveType.Dvd, media: string.Empty, undo: string.Empty));
        });
        OnConfigurationChanged(location.TypeKey, (int)MachineDriveType.Dvd);
        return DvdDriveAt(location);
    }

    /// <summary>Disconnects a DVD drive. Only while the machine is off.</summary>
    /// <param name="drive">The drive.</param>
    /// <exception cref="VirtualMachineException">The machine is not off, or the drive is not connected to it.</exception>
    public void RemoveDvdDrive(DvdDrive drive)
    {
        ArgumentNullException.ThrowIfNull(drive);
        DriveLocation location = Disconnect(drive.Machine, () => drive.Location);
        lock (sync)
        {
            dvdDrives.Remove(location);
            drive.Position = null;
        }
    }

    /// <summary>Refuses a drive that is no longer connected.</summary>
    /// <param name="position">Where it was.</param>
    /// <param name="type">What it is.</param>
    /// <exception cref="VirtualMachineException"><see cref="VirtualMachineError.DriveInvalid"/>.</exception>
    internal void CheckConnected(DriveLocation? position, MachineDriveType type)
    {
        IReadOnlyValues values = DriveValues;
        if (position is not { } location || TypeAt(values, location) != type)
        {
            throw new VirtualMachineException(
                VirtualMachineError.DriveInvalid, $"The machine '{Name}' has no such drive or disk {(position is null ? "any more" : $"at {position}")}. Look it up anew.");
        }
    }

    /// <summary>The disk at a position.</summary>
    internal HardDisk HardDiskAt(DriveLocation location) => host.Disks.Get(DiskPathAt(location));

    /// <summary>The undo disk at a position.</summary>
    /// <exception cref="VirtualMachineException"><see cref="VirtualMachineError.FileNotFound"/>: there is none.</exception>
    internal HardDisk UndoDiskAt(DriveLocation location) => UndoPathAt(location) is { } path
        ? host.Disks.Get(path)
        : throw new VirtualMachineException(VirtualMachineError.FileNotFound, $"There is no undo disk at {location} of the machine '{Name}'.");

    /// <summary>Connects a drive elsewhere, with what is in it.</summary>
    internal void MoveDrive(DriveLocation from, MachineDriveType type, int bus, int device)
    {
        DriveLocation to = DriveLocation.Check(bus, device);
        InTurn(MachineOperation.ChangeHardware, () =>
        {
            CheckConnected(from, type);
            if (from == to)
            {
                return;
            }

            DemandFree(to);
            Configuration.File.Update(document =>
            {
                document.Set(ValuePath.Parse(to.TypeKey), (int)type);
                from.Media.CopyTo(document, to.Media);
                from.Undo.CopyTo(document, to.Undo);
                Connect(document, from, MachineDriveType.None, string.Empty, string.Empty);
            });
            lock (sync)
            {
                if (hardDisks.Remove(from, out HardDiskConnection? connection))
                {
                    connection.Position = to;
                    hardDisks[to] = connection;
                }

                if (dvdDrives.Remove(from, out DvdDrive? drive))
                {
                    drive.Position = to;
                    dvdDrives[to] = drive;
                }
            }
        });
        OnConfigurationChanged(to.TypeKey, (int)type);
        WriteDescription();
    }

    /// <summary>Queues an event of one of the machine's parts behind the machine's own.</summary>
    internal void PostEvent(Action raise) => events.Post(raise);

    /// <summary>Another machine that has a drive of the host, or null.</summary>
    internal VirtualMachine? UserOfHostDrive(string drive) => host.Catalogue.Machines.FirstOrDefault(machine => machine != this && machine.HasHostDrive(drive));

    /// <summary>The disks that a saved machine will go on with.</summary>
    /// <param name="configuration">Its configuration, which need not be without faults.</param>
    /// <param name="folder">The folder of its files.</param>
    internal static IReadOnlyList<string> DisksOfSavedState(MachineConfiguration configuration, string folder)
    {
        List<string> disks = [];
        try
        {
            IReadOnlyValues values = configuration.File.Current;
            foreach (DriveLocation location in DriveLocation.All.Where(location => TypeAt(values, location) == MachineDriveType.HardDisk))
            {
                string leaf = UndoPathAt(values, location, folder) ?? location.Media.ReadFile(values, folder);
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

    private static MachineDriveType TypeAt(IReadOnlyValues values, DriveLocation location)
    {
        MachineDriveType type = values.TryGetValue(location.TypeKey, out object? value) && value is int number ? (MachineDriveType)number : MachineDriveType.None;
        return type switch
        {
            MachineDriveType.HardDisk when !location.Media.HasPath(values) => MachineDriveType.None,
            MachineDriveType.HardDisk or MachineDriveType.Dvd => type,
            _ => MachineDriveType.None,
        };
    }

    private void Connect(XmlValueDocument document, DriveLocation location, MachineDriveType type, string media, string undo)
    {
        document.Set(ValuePath.Parse(location.TypeKey), (int)type);
        location.Media.Write(document, Files.Folder, media);
        location.Undo.Write(document, Files.Folder, undo);
    }

    private DriveLocation Disconnect(VirtualMachine owner, Func<DriveLocation> locate)
    {
        if (owner != this)
        {
            throw new VirtualMachineException(VirtualMachineError.DriveInvalid, $"That drive or disk is not one of the machine '{Name}'.");
        }

        DriveLocation location = default;
        InTurn(MachineOperation.ChangeHardware, () =>
        {
            location = locate();
            Configuration.File.Update(document => Connect(document, location, MachineDriveType.None, string.Empty, string.Empty));
        });
        OnConfigurationChanged(location.TypeKey, (int)MachineDriveType.None);
        WriteDescription();
        return location;
    }

    private void DemandFree(DriveLocation location)
    {
        if (TypeAt(DriveValues, location) is var type and not MachineDriveType.None)
        {
            throw new VirtualMachineException(
                VirtualMachineError.DriveLocationInUse,
                $"The position {location} of the machine '{Name}' has a {(type == MachineDriveType.Dvd ? "DVD drive" : "hard disk")} already. Choose another, or remove that.");
        }
    }

    private IReadOnlyList<DriveLocation> At(MachineDriveType type)
    {
        IReadOnlyValues values = DriveValues;
        return [.. DriveLocation.All.Where(location => TypeAt(values, location) == type)];
    }

    /// <summary>The file that a start would write to for the disk at a position: the undo disk if there is one in use; empty where there is no disk.</summary>
    private string DiskInUse(XmlValueDocument values, DriveLocation location)
    {
        if (TypeAt(values, location) != MachineDriveType.HardDisk)
        {
            return string.Empty;
        }

        bool undoable = values.TryGetValue(ConfigurationKeys.UndoEnabled, out object? flag) && flag is true;
        return (undoable ? UndoPathAt(location) : null) ?? DiskPathAt(location);
    }

    private string DiskPathAt(DriveLocation location) => location.Media.ReadFile(DriveValues, Files.Folder);

    private string DvdMediaAt(DriveLocation location) => location.Media.Read(DriveValues, Files.Folder);

    private string? UndoPathAt(DriveLocation location) => UndoPathAt(DriveValues, location, Files.Folder);

    private static string? UndoPathAt(IReadOnlyValues values, DriveLocation location, string folder) =>
        location.Undo.ReadFile(values, folder) is { Length: > 0 } path && File.Exists(path) ? path : null;

    private bool HasHostDrive(string drive)
    {
        try
        {
            return At(MachineDriveType.Dvd).Any(location => HostDrive.Normalize(DvdMediaAt(location)) == drive);
        }
        catch (VirtualMachineException)
        {
            // A machine whose file cannot be read uses nothing.
            return false;
        }
    }

    private HardDiskConnection ConnectionAt(DriveLocation location)
    {
        lock (sync)
        {
            if (!hardDisks.TryGetValue(location, out HardDiskConnection? connection))
            {
                connection = new HardDiskConnection(this, location);
                hardDisks.Add(location, connection);
            }

            return connection;
        }
    }

    private DvdDrive DvdDriveAt(DriveLocation location)
    {
        lock (sync)
        {
            if (!dvdDrives.TryGetValue(location, out DvdDrive? drive))
            {
                drive = new DvdDrive(this, location);
                dvdDrives.Add(location, drive);
            }

            return drive;
        }
    }
}

using VpcComApi.VirtualDisks;
using VpcComApi.VirtualMachines.Configuration;
using VpcComApi.VirtualMachines.Disks;
using VpcComApi.VirtualMachines.PhysicalHost;
using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.VirtualMachines.Machines;

/// <summary>
/// A machine's hard disks, DVD drives and floppy drive, as they stand in the .vmc file. Each drive is one object for as long as it is
/// connected.
/// </summary>
internal sealed class MachineDrives
{
    /// <summary>Guards <see cref="hardDisks"/> and <see cref="dvdDrives"/>, and the positions of the drives in them.</summary>
    private readonly Lock sync = new();

    private readonly Dictionary<DriveLocation, HardDiskConnection> hardDisks = [];
    private readonly Dictionary<DriveLocation, DvdDrive> dvdDrives = [];
    private readonly FloppyDrive floppyDrive;
    private readonly MachineContext context;
    private readonly MachinePower power;
    private readonly MachineDescription description;
    private readonly LiveHardware live;

    /// <summary>Makes the drives of a machine.</summary>
    /// <param name="context">What the machine's parts share.</param>
    /// <param name="power">The machine's state.</param>
    /// <param name="description">Shows the disks to other programs.</param>
    /// <param name="live">Changes what is in a drive of a machine that runs.</param>
    public MachineDrives(MachineContext context, MachinePower power, MachineDescription description, LiveHardware live)
    {
        this.context = context;
        this.power = power;
        this.description = description;
        this.live = live;
        floppyDrive = new FloppyDrive(this, number: 0);
    }

    /// <summary>The machine, as callers see it.</summary>
    public VirtualMachine Machine => context.Machine;

    /// <inheritdoc cref="VirtualMachine.HardDiskConnections"/>
    public IReadOnlyList<HardDiskConnection> HardDiskConnections => [.. Configured.At(MachineDriveType.HardDisk).Select(ConnectionAt)];

    /// <inheritdoc cref="VirtualMachine.DvdDrives"/>
    public IReadOnlyList<DvdDrive> DvdDrives => [.. Configured.At(MachineDriveType.Dvd).Select(DvdDriveAt)];

    /// <inheritdoc cref="VirtualMachine.FloppyDrives"/>
    public IReadOnlyList<FloppyDrive> FloppyDrives
    {
        get
        {
            context.RequireRegistered();
            return [floppyDrive];
        }
    }

    /// <summary>The drives as the configuration says now.</summary>
    /// <exception cref="VirtualMachineException">The machine is no longer registered, or its configuration cannot be read.</exception>
    public ConfiguredDrives Configured => new(context.Values, context.Files.Folder);

    /// <summary>The computer whose drives can be used.</summary>
    public HostComputer HostComputer => context.Host.Computer;

    /// <inheritdoc cref="VirtualMachine.AddHardDiskConnection"/>
    public HardDiskConnection AddHardDisk(string? path, int bus, int device)
    {
        if (path is null)
        {
            throw new VirtualMachineException(VirtualMachineError.InvalidArgument, $"No disk was given for the machine '{context.Name}'.");
        }

        DriveLocation location = DriveLocation.Check(bus, device);
        string full = string.Empty;
        power.InTurn(MachineOperation.ChangeHardware, () =>
        {
            full = DiskPaths.CheckExisting(path);
            ConfiguredDrives configured = Configured;
            DemandFree(configured, location);
            if (configured.At(MachineDriveType.HardDisk).Any(other => DiskPaths.Comparer.Equals(configured.DiskAt(other), full)))
            {
                throw new VirtualMachineException(
                    VirtualMachineError.SharingViolation, $"The disk {full} is connected to the machine '{context.Name}' already.");
            }

            VirtualDiskInfo info = DiskErrors.Run($"The disk {full} could not be read", () => VirtualDiskInfo.Read(full));
            if (info.Size > VirtualMachine.MaximumIdeDiskSize)
            {
                throw new VirtualMachineException(
                    VirtualMachineError.InvalidDiskFile,
                    $"The disk {full} has {info.Size >> 30:N0} GB; an IDE bus takes {VirtualMachine.MaximumIdeDiskSize >> 30} GB at most.");
            }

            ConnectIfFree(location, MachineDriveType.HardDisk, full);
        });
        context.RaiseConfigurationChanged(location.Media.AbsoluteKey, full);
        description.Write();
        return ConnectionAt(location);
    }

    /// <inheritdoc cref="VirtualMachine.RemoveHardDiskConnection"/>
    public void Remove(HardDiskConnection connection)
    {
        DriveLocation location = Disconnect(connection.Machine, () => connection.Location);
        lock (sync)
        {
            hardDisks.Remove(location);
            connection.Position = null;
        }
    }

    /// <inheritdoc cref="VirtualMachine.AddDvdDrive"/>
    public DvdDrive AddDvdDrive(int bus, int device)
    {
        DriveLocation location = DriveLocation.Check(bus, device);
        power.InTurn(MachineOperation.ChangeHardware, () => ConnectIfFree(location, MachineDriveType.Dvd, media: string.Empty));
        context.RaiseConfigurationChanged(location.TypeKey, (int)MachineDriveType.Dvd);
        return DvdDriveAt(location);
    }

    /// <inheritdoc cref="VirtualMachine.RemoveDvdDrive"/>
    public void Remove(DvdDrive drive)
    {
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
    public void CheckConnected(DriveLocation? position, MachineDriveType type)
    {
        ConfiguredDrives configured = Configured;
        if (position is not { } location || configured.TypeAt(location) != type)
        {
            throw new VirtualMachineException(
                VirtualMachineError.DriveInvalid,
                $"The machine '{context.Name}' has no such drive or disk {(position is null ? "any more" : $"at {position}")}. "
                    + "Look it up anew.");
        }
    }

    /// <summary>The disk at a position.</summary>
    public HardDisk HardDiskAt(DriveLocation location) => context.Host.Disks.Get(Configured.DiskAt(location));

    /// <summary>The undo disk at a position.</summary>
    /// <exception cref="VirtualMachineException"><see cref="VirtualMachineError.FileNotFound"/>: there is none.</exception>
    public HardDisk UndoDiskAt(DriveLocation location) => Configured.UndoDiskAt(location) is { } path
        ? context.Host.Disks.Get(path)
        : throw new VirtualMachineException(
            VirtualMachineError.FileNotFound, $"There is no undo disk at {location} of the machine '{context.Name}'.");

    /// <summary>Connects a drive elsewhere, with what is in it.</summary>
    public void Move(DriveLocation from, MachineDriveType type, int bus, int device)
    {
        DriveLocation to = DriveLocation.Check(bus, device);
        power.InTurn(MachineOperation.ChangeHardware, () =>
        {
            CheckConnected(from, type);
            if (from == to)
            {
                return;
            }

            context.Configuration.File.Update(document =>
            {
                DemandFree(new ConfiguredDrives(document, context.Files.Folder), to);
                document.Set(ValuePath.Parse(to.TypeKey), (int)type);
                from.Media.CopyTo(document, to.Media);
                from.Undo.CopyTo(document, to.Undo);
                Connect(document, from, MachineDriveType.None, string.Empty);
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
        context.RaiseConfigurationChanged(to.TypeKey, (int)type);
        description.Write();
    }

    /// <summary>What is in a drive for removable media.</summary>
    /// <param name="keys">Where the configuration keeps it.</param>
    /// <returns>The image's full path or the host drive's letter; empty when nothing is in the drive.</returns>
    public string MediaOf(MediaKeys keys) => keys.Read(context.Values, context.Files.Folder);

    /// <summary>Changes what is in a drive, in any state of the machine.</summary>
    /// <param name="keys">Where the configuration keeps it.</param>
    /// <param name="media">The image's path or the host drive's letter; empty to leave the drive empty.</param>
    /// <param name="apply">Changes it in a machine that runs.</param>
    /// <returns>What was in the drive before.</returns>
    public string ChangeMedia(MediaKeys keys, string media, Func<IRemovableDrives, CancellationToken, Task> apply)
    {
        string before = string.Empty;
        live.Change(
            "change what is in its drive",
            machine => machine.Can(MachineCapabilities.MediaChange) ? token => apply(machine.RemovableDrives, token) : null,
            () => context.Configuration.File.Update(document =>
            {
                before = keys.Read(document, context.Files.Folder);
                keys.Write(document, context.Files.Folder, media);
            }));
        return before;
    }

    /// <summary>Queues an event of a drive behind the machine's own.</summary>
    /// <param name="raise">Calls the handlers.</param>
    public void PostEvent(Action raise) => context.Events.Post(raise);

    /// <summary>Another machine that has a drive of the host, or null.</summary>
    public VirtualMachine? UserOfHostDrive(string drive) =>
        context.Host.Catalogue.Machines.FirstOrDefault(machine => machine != Machine && machine.Parts.Drives.HasHostDrive(drive));

    private bool HasHostDrive(string drive)
    {
        try
        {
            ConfiguredDrives configured = Configured;
            return configured.At(MachineDriveType.Dvd).Any(location => HostDrive.Normalize(configured.DvdMediaAt(location)) == drive);
        }
        catch (VirtualMachineException)
        {
            // A machine whose file cannot be read uses nothing.
            return false;
        }
    }

    /// <summary>Connects a drive at a free position. Another process may have connected one there since the caller has looked.</summary>
    private void ConnectIfFree(DriveLocation location, MachineDriveType type, string media) => context.Configuration.File.Update(document =>
    {
        DemandFree(new ConfiguredDrives(document, context.Files.Folder), location);
        Connect(document, location, type, media);
    });

    private void Connect(XmlValueDocument document, DriveLocation location, MachineDriveType type, string media)
    {
        document.Set(ValuePath.Parse(location.TypeKey), (int)type);
        location.Media.Write(document, context.Files.Folder, media);
        location.Undo.Write(document, context.Files.Folder, string.Empty);
    }

    private DriveLocation Disconnect(VirtualMachine owner, Func<DriveLocation> locate)
    {
        if (owner != Machine)
        {
            throw new VirtualMachineException(
                VirtualMachineError.DriveInvalid, $"That drive or disk is not one of the machine '{context.Name}'.");
        }

        DriveLocation location = default;
        power.InTurn(MachineOperation.ChangeHardware, () =>
        {
            location = locate();
            context.Configuration.File.Update(document => Connect(document, location, MachineDriveType.None, media: string.Empty));
        });
        context.RaiseConfigurationChanged(location.TypeKey, (int)MachineDriveType.None);
        description.Write();
        return location;
    }

    private void DemandFree(ConfiguredDrives configured, DriveLocation location)
    {
        if (configured.TypeAt(location) is var type and not MachineDriveType.None)
        {
            throw new VirtualMachineException(
                VirtualMachineError.DriveLocationInUse,
                $"The position {location} of the machine '{context.Name}' has a "
                    + $"{(type == MachineDriveType.Dvd ? "DVD drive" : "hard disk")} already. "
                    + "Choose another, or remove that.");
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

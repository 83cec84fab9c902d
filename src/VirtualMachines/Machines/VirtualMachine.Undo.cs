using System.Globalization;
using VpcComApi.VirtualDisks;
using VpcComApi.VirtualMachines.Catalogue;
using VpcComApi.VirtualMachines.Configuration;
using VpcComApi.VirtualMachines.Disks;
using VpcComApi.VirtualMachines.Events;
using VpcComApi.VirtualMachines.Providers;
using VpcComApi.VirtualMachines.Tasks;

namespace VpcComApi.VirtualMachines.Machines;

/// <content>
/// The disks of a start, and undo disks: differencing images beside the .vmc file, which a machine with <see cref="Undoable"/> writes to in place of its disks.
/// They are made at the first start, and thrown away, kept or merged by <see cref="UndoAction"/> when the machine is turned off.
/// </content>
public sealed partial class VirtualMachine
{
    private const string UndoPrefix = "VirtualPCUndo";
    private const string UndoExtension = ".vud";

    /// <summary>Set when the application ends: what happens then leaves undo disks alone.</summary>
    private bool quitting;

    /// <summary>Writes what the undo disks hold into the machine's disks. The machine is off or saved.</summary>
    /// <exception cref="VirtualMachineException">Refused: the machine is running, or a disk is missing, read-only or in use.</exception>
    public MachineTask MergeUndoDisks()
    {
        FileUseLock runLock = null!;
        IDisposable lease = null!;
        IReadOnlyList<string> undoFiles = [];
        return Begin(
            MachineOperation.MergeUndoDisks,
            MachineState.MergingDrives,
            $"Merging the undo disks of the machine '{Name}'",
            cancelable: true,
            prepare: () =>
            {
                host.DemandOpen();
                runLock = TakeRunLock(VirtualMachineError.MachineRunning);
                try
                {
                    undoFiles = [.. UndoDisks().Select(undo => undo.Path)];
                    lease = TakeUndoDisks();
                }
                catch
                {
                    runLock.Dispose();
                    throw;
                }
            },
            (before, task, cancellationToken) =>
            {
                try
                {
                    MergeUndoDisks(new TaskProgress(task, 0, 100), cancellationToken);
                }
                finally
                {
                    lease.Dispose();
                    undoFiles.Where(path => !File.Exists(path)).ToList().ForEach(FileUseLock.RemoveLeftOver);
                    runLock.Dispose();
                    MoveTo(before);
                    WriteDescription();
                }

                return Task.CompletedTask;
            });
    }

    /// <summary>Throws the undo disks away. The machine is off.</summary>
    /// <exception cref="VirtualMachineException">The machine is not off, or a file could not be deleted.</exception>
    public void DiscardUndoDisks() => InTurn(MachineOperation.DiscardUndoDisks, () =>
    {
        using IDisposable guard = TakeRunLock(VirtualMachineError.MachineRunningOrSaved);
        DeleteUndoDisks();
        WriteDescription();
    });

    /// <summary>The undo disks' files that go with the machine, when the configuration can be read. Files that are no undo disks of it are left, and the log says so.</summary>
    /// <exception cref="VirtualMachineException"><see cref="VirtualMachineError.SharingViolation"/>: a file is in use and cannot be looked at.</exception>
    internal IReadOnlyList<string> UndoFiles()
    {
        try
        {
            return [.. UndoDisks().Where(undo => IsUndoDiskOrTell(undo.Location, undo.Path)).Select(undo => undo.Path)];
        }
        catch (VirtualMachineException e) when (e.Error == VirtualMachineError.SharingViolation)
        {
            throw;
        }
        catch (VirtualMachineException)
        {
            return [];
        }
    }

    private IReadOnlyList<(DriveLocation Location, string Path)> UndoDisks() =>
        [.. At(MachineDriveType.HardDisk).Select(location => (location, UndoPathAt(location)!)).Where(undo => undo.Item2 is not null)];

    /// <summary>Checks and takes the disks that a start needs.</summary>
    /// <exception cref="VirtualMachineException">A disk is missing, damaged or in use, or a parent has changed.</exception>
    private StartDisks TakeDisks(StartupOption option)
    {
        bool undoable = Undoable;
        List<MachineHardDisk> disks = [];
        List<(DriveLocation, string, string)> toMake = [];
        List<IReadOnlyList<string>> chains = [];
        List<string> toWrite = [];
        List<string> toRead = [];
        foreach (DriveLocation location in At(MachineDriveType.HardDisk))
        {
            string disk = DiskPathAt(location);
            string leaf = (undoable ? UndoPathAt(location) : null) ?? disk;
            IReadOnlyList<string> chain = HardDiskList.ChainOf(leaf);
            chains.Add(chain);
            toRead.AddRange(chain.Skip(1));
            if (undoable && leaf == disk)
            {
                leaf = NewUndoPath(location);
                toMake.Add((location, leaf, disk));
                toRead.Add(disk);
            }

            toWrite.Add(leaf);
            disks.Add(new MachineHardDisk(location.Bus, location.Device, leaf));
        }

        ChangedParents changed = ChangedParents.Find(chains);
        if (!changed.IsEmpty)
        {
            DemandAcceptance(changed, option);
            using (host.Disks.Take([.. toWrite.Union(changed.Children, DiskPaths.Comparer)], [.. toRead.Except(changed.Children, DiskPaths.Comparer)], owner: this))
            {
                changed.Accept();
            }
        }

        // The images that were only accepted are read from here on, and others may read them, too.
        return new StartDisks(disks, toMake, host.Disks.Take(toWrite, toRead, owner: this));
    }

    private void DemandAcceptance(ChangedParents changed, StartupOption option)
    {
        if (option != StartupOption.FixParentTimestampMismatch)
        {
            throw new VirtualMachineException(
                VirtualMachineError.ParentModified,
                $"The machine '{Name}' cannot be started: {changed.First.Parent} has changed since {changed.First.Child} was made from it."
                + " Accept that, or put the parent back as it was.")
            {
                Remedy = new Remedy(RemedyAction.AcceptChangedParent, Name),
            };
        }
    }

    /// <summary>A name in the form of Virtual PC: VirtualPCUndo_NAME_BUS_DEVICE_HHMMSSMMDDYYYY.vud, in UTC (https://github.com/libyal/libvhdi).</summary>
    private string NewUndoPath(DriveLocation location)
    {
        string time = host.TimeProvider.GetUtcNow().ToString("HHmmssMMddyyyy", CultureInfo.InvariantCulture);
        string path = Path.Combine(Files.Folder, $"{UndoPrefix}_{Name}_{location.Bus}_{location.Device}_{time}{UndoExtension}");
        PathRules.CheckLength(path);
        return path;
    }

    private void MakeUndoDisks(StartDisks disks)
    {
        foreach ((DriveLocation location, string path, string disk) in disks.UndoDisksToMake)
        {
            DiskErrors.Run($"The undo disk {path} could not be made", () => DiskCreation.CreateDifferencing(path, disk));
            Configuration.File.Update(document => location.Undo.Write(document, Files.Folder, path));
        }
    }

    /// <summary>Does what <see cref="UndoAction"/> says, after the machine has been turned off.</summary>
    /// <returns>What went wrong, or null. The undo disks are kept then.</returns>
    private VirtualMachineException? ApplyUndoAction()
    {
        try
        {
            UndoAction action = UndoAction;
            if (!Undoable || action == UndoAction.Keep || UndoDisks().Count == 0)
            {
                return null;
            }

            using IDisposable guard = TakeRunLock(VirtualMachineError.MachineRunning);
            if (action == UndoAction.Discard)
            {
                DeleteUndoDisks();
                return null;
            }

            MoveTo(MachineState.MergingDrives);
            string[] undoFiles = [.. UndoDisks().Select(undo => undo.Path)];
            using (TakeUndoDisks())
            {
                MergeUndoDisks(progress: null, CancellationToken.None);
            }

            Array.ForEach(undoFiles, FileUseLock.RemoveLeftOver);
            return null;
        }
        catch (VirtualMachineException e)
        {
            MachineLog.UndoActionFailed(logger, e, Name, e.Message);
            return e;
        }
    }

    private IDisposable TakeUndoDisks()
    {
        List<string> files = [];
        foreach ((DriveLocation location, string path) in UndoDisks())
        {
            string parent = DiskErrors.Run(
                $"The undo disk {path} could not be read",
                () => VirtualDiskInfo.Read(path).FindParent(),
                error => error == VirtualDiskError.ParentNotFound ? VirtualMachineError.PathNotFound : DiskErrors.ErrorOf(error));
            if (new FileInfo(parent).IsReadOnly)
            {
                throw new VirtualMachineException(VirtualMachineError.FileReadOnly, $"The disk {parent} is read-only, so the undo disk cannot be merged into it.");
            }

            if (!IsUndoDisk(location, path))
            {
                throw new VirtualMachineException(
                    VirtualMachineError.ParentMismatch,
                    $"{path} is not an undo disk of {DiskPathAt(location)}, so it is not merged. Put the disk back that it was made from, or discard the undo disks.");
            }

            files.Add(path);
            files.Add(parent);
        }

        try
        {
            return host.Disks.Take(files, [], owner: this);
        }
        catch (VirtualMachineException e) when (e.Error == VirtualMachineError.SharingViolation)
        {
            throw new VirtualMachineException(VirtualMachineError.ParentInUse, e.Message, e);
        }
    }

    /// <summary>Merges the undo disks one after another; each that is merged is deleted, so a merge that was ended goes on with the rest.</summary>
    private void MergeUndoDisks(IProgress<int>? progress, CancellationToken cancellationToken)
    {
        IReadOnlyList<(DriveLocation Location, string Path)> undoDisks = UndoDisks();
        for (int i = 0; i < undoDisks.Count; i++)
        {
            (DriveLocation location, string path) = undoDisks[i];
            IProgress<int>? share = progress is null ? null : new ProgressShare(progress, i, undoDisks.Count);
            DiskErrors.Run($"The undo disk {path} could not be merged", () => DiskMerge.IntoParent(path, share, cancellationToken));
            DeleteUndoDisk(location, path);
        }
    }

    /// <exception cref="VirtualMachineException"><see cref="VirtualMachineError.SharingViolation"/>: another machine, perhaps of another data folder, is using one.</exception>
    private void DeleteUndoDisks()
    {
        ILookup<bool, (DriveLocation Location, string Path)> files = UndoDisks().ToLookup(undo => IsUndoDiskOrTell(undo.Location, undo.Path));
        foreach ((DriveLocation location, _) in files[false])
        {
            ForgetUndoDisk(location);
        }

        string[] undoDisks = [.. files[true].Select(undo => undo.Path)];
        using (host.Disks.Take(undoDisks, [], owner: this))
        {
            foreach ((DriveLocation location, string path) in files[true])
            {
                DeleteUndoDisk(location, path);
            }
        }

        Array.ForEach(undoDisks, FileUseLock.RemoveLeftOver);
    }

    /// <summary>Deletes a file that <see cref="IsUndoDisk"/> was asked about.</summary>
    private void DeleteUndoDisk(DriveLocation location, string path)
    {
        DiskErrors.Run($"The undo disk {path} could not be deleted", () => File.Delete(path));
        ForgetUndoDisk(location);
    }

    private void ForgetUndoDisk(DriveLocation location) =>
        Configuration.File.Update(document => location.Undo.Write(document, Files.Folder, string.Empty));

    private bool IsUndoDiskOrTell(DriveLocation location, string path)
    {
        bool isUndoDisk = IsUndoDisk(location, path);
        if (!isUndoDisk)
        {
            MachineLog.UndoFileLeft(logger, Name, path, location.ToString());
        }

        return isUndoDisk;
    }

    /// <summary>
    /// Whether the file that the configuration names as a disk's undo disk is one. The configuration may come from anywhere and name any file, which is not deleted or merged
    /// then. It is one when it is a differencing image that was made from the disk at that position; where that disk cannot be read, one that is called and lies as undo disks do.
    /// </summary>
    private bool IsUndoDisk(DriveLocation location, string path)
    {
        if (TryReadDisk(path) is not { Kind: VirtualDiskKind.Differencing } undo)
        {
            return false;
        }

        string name = Path.GetFileName(path);
        return TryReadDisk(DiskPathAt(location)) is { } disk
            ? disk.UniqueId == undo.ParentId
            : DiskPaths.Comparer.Equals(Path.GetDirectoryName(path), Files.Folder)
                && name.StartsWith(UndoPrefix + "_", StringComparison.OrdinalIgnoreCase)
                && name.EndsWith(UndoExtension, StringComparison.OrdinalIgnoreCase);
    }

    /// <returns>Null when there is no image that can be read.</returns>
    private static VirtualDiskInfo? TryReadDisk(string path)
    {
        try
        {
            return VirtualDiskInfo.Read(path);
        }
        catch (VirtualDiskException e) when (e.Error == VirtualDiskError.InUse)
        {
            throw new VirtualMachineException(VirtualMachineError.SharingViolation, e.Message, e);
        }
        catch (Exception e) when (e is VirtualDiskException || StorageErrors.IsStorageError(e))
        {
            return null;
        }
    }
}

using VpcComApi.VirtualDisks;
using VpcComApi.VirtualMachines.Configuration;
using VpcComApi.VirtualMachines.Disks;
using VpcComApi.VirtualMachines.Events;
using VpcComApi.VirtualMachines.Providers;
using VpcComApi.VirtualMachines.Tasks;

namespace VpcComApi.VirtualMachines.Machines;

/// <summary>
/// The disks of a start, and undo disks: differencing images beside the .vmc file, which a machine with <see cref="IsEnabled"/> writes to
/// in place of its disks. They are made at the first start, and thrown away, kept or merged by <see cref="Action"/> when the machine is
/// turned off.
/// </summary>
/// <param name="context">What the machine's parts share.</param>
/// <param name="power">The machine's state.</param>
/// <param name="settings">The machine's settings.</param>
/// <param name="description">Shows the disks in use to other programs.</param>
internal sealed class UndoDisks(MachineContext context, MachinePower power, MachineSettings settings, MachineDescription description)
{
    /// <inheritdoc cref="VirtualMachine.UndoAction"/>
    public UndoAction Action
    {
        get => settings.Choice(ConfigurationKeys.UndoAction, UndoAction.Keep);
        set => settings.Set(
            MachineOperation.ChangeFreeSetting,
            ConfigurationKeys.UndoAction,
            Enum.IsDefined(value)
                ? (int)value
                : throw new VirtualMachineException(
                    VirtualMachineError.InvalidArgument, $"{(int)value} is no undo action. Use 0 (discard), 1 (keep) or 2 (commit)."));
    }

    /// <inheritdoc cref="VirtualMachine.Undoable"/>
    public bool IsEnabled
    {
        get => context.RegisteredConfiguration.Flag(ConfigurationKeys.UndoEnabled, missing: false);
        set
        {
            power.InTurn(MachineOperation.ChangeLockedSetting, () =>
            {
                if (!value)
                {
                    DeleteAll();
                }

                context.Configuration.Set(ConfigurationKeys.UndoEnabled, value);
            });
            context.RaiseConfigurationChanged(ConfigurationKeys.UndoEnabled, value);
            description.Write();
        }
    }

    /// <summary>Refuses what a machine cannot do whose undo disks are to be thrown away: a saved state needs them.</summary>
    /// <exception cref="VirtualMachineException">They are to be thrown away.</exception>
    public void DemandKept()
    {
        if (AreDiscarded)
        {
            throw new VirtualMachineException(
                VirtualMachineError.NotPossibleNow,
                $"The machine '{context.Name}' cannot be saved, because its undo disks are to be thrown away. Have them kept or merged "
                    + "first.")
            {
                Remedy = new Remedy(RemedyAction.ChangeUndoAction, context.Name),
            };
        }
    }

    /// <summary>
    /// Whether the undo disks are known to be thrown away. A running machine whose file cannot be read keeps what its guest has done, as
    /// turning it off throws nothing away then either.
    /// </summary>
    private bool AreDiscarded
    {
        get
        {
            try
            {
                return IsEnabled && Action == UndoAction.Discard;
            }
            catch (VirtualMachineException)
            {
                return false;
            }
        }
    }

    private ConfiguredDrives Configured => new(context.Values, context.Files.Folder);

    /// <summary>Writes what the undo disks hold into the machine's disks. The machine is off or saved.</summary>
    /// <exception cref="VirtualMachineException">Refused: the machine is running, or a disk is missing, read-only or in use.</exception>
    public MachineTask Merge() => power.Begin(
        MachineOperation.MergeUndoDisks,
        MachineState.MergingDrives,
        $"Merging the undo disks of the machine '{context.Name}'",
        cancelable: true,
        take: () =>
        {
            context.Host.DemandOpen();
            FileUseLock runLock = context.TakeRunLock(VirtualMachineError.MachineRunning);
            try
            {
                IReadOnlyList<string> files = [.. All().Select(undo => undo.Path)];
                return (RunLock: runLock, Files: files, Lease: TakeAll());
            }
            catch
            {
                runLock.Dispose();
                throw;
            }
        },
        work: (before, taken, task, cancellationToken) =>
        {
            try
            {
                MergeAll(new TaskProgress(task, 0, 100), cancellationToken);
            }
            finally
            {
                taken.Lease.Dispose();
                taken.Files.Where(path => !File.Exists(path)).ToList().ForEach(FileUseLock.RemoveLeftOver);
                taken.RunLock.Dispose();
                power.MoveTo(before);
                description.Write();
            }

            return Task.CompletedTask;
        });

    /// <summary>Throws the undo disks away. The machine is off.</summary>
    /// <exception cref="VirtualMachineException">The machine is not off, or a file could not be deleted.</exception>
    public void Discard() => power.InTurn(MachineOperation.DiscardUndoDisks, () =>
    {
        using IDisposable guard = context.TakeRunLock(VirtualMachineError.MachineRunningOrSaved);
        DeleteAll();
        description.Write();
    });

    /// <summary>
    /// The undo disks' files that go with the machine, when the configuration can be read. Files that are no undo disks of it are left, and
    /// the log says so.
    /// </summary>
    /// <exception cref="VirtualMachineException">
    /// <see cref="VirtualMachineError.SharingViolation"/>: a file is in use and cannot be looked at.
    /// </exception>
    public IReadOnlyList<string> Files()
    {
        try
        {
            return [.. All().Where(undo => IsUndoDiskOrLogged(undo.Location, undo.Path)).Select(undo => undo.Path)];
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

    private IReadOnlyList<(DriveLocation Location, string Path)> All()
    {
        ConfiguredDrives configured = Configured;
        return
        [
            .. from location in configured.At(MachineDriveType.HardDisk)
               let path = configured.UndoDiskAt(location)
               where path is not null
               select (location, path),
        ];
    }

    /// <summary>Checks and takes the disks that a start needs.</summary>
    /// <exception cref="VirtualMachineException">A disk is missing, damaged or in use, or a parent has changed.</exception>
    public StartDisks Take(StartupOption option)
    {
        bool undoable = IsEnabled;
        ConfiguredDrives configured = Configured;
        List<MachineHardDisk> disks = [];
        List<(DriveLocation, string, string)> toMake = [];
        List<IReadOnlyList<string>> chains = [];
        List<string> toWrite = [];
        List<string> toRead = [];
        foreach (DriveLocation location in configured.At(MachineDriveType.HardDisk))
        {
            string disk = configured.DiskAt(location);
            string leaf = (undoable ? configured.UndoDiskAt(location) : null) ?? disk;
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
            string[] written = [.. toWrite.Union(changed.Children, DiskPaths.Comparer)];
            string[] read = [.. toRead.Except(changed.Children, DiskPaths.Comparer)];
            using (context.Host.Disks.Take(written, read, owner: context.Files))
            {
                changed.Accept();
            }
        }

        // The images that were only accepted are read from here on, and others may read them, too.
        return new StartDisks(disks, toMake, context.Host.Disks.Take(toWrite, toRead, owner: context.Files));
    }

    private void DemandAcceptance(ChangedParents changed, StartupOption option)
    {
        if (option != StartupOption.FixParentTimestampMismatch)
        {
            throw new VirtualMachineException(
                VirtualMachineError.ParentModified,
                $"The machine '{context.Name}' cannot be started: {changed.First.Parent} has changed since {changed.First.Child} was made "
                    + "from it. Accept that, or put the parent back as it was.")
            {
                Remedy = new Remedy(RemedyAction.AcceptChangedParent, context.Name),
            };
        }
    }

    private string NewUndoPath(DriveLocation location)
    {
        string path = Path.Combine(
            context.Files.Folder, UndoDiskFile.NewName(context.Name, location, context.Host.TimeProvider.GetUtcNow()));
        PathRules.CheckLength(path);
        return path;
    }

    /// <summary>Makes the undo disks of a start that are not there yet.</summary>
    /// <param name="disks">The disks of the start.</param>
    /// <exception cref="VirtualMachineException">A disk could not be made, or the configuration could not be written.</exception>
    public void Make(StartDisks disks)
    {
        foreach ((DriveLocation location, string path, string disk) in disks.UndoDisksToMake)
        {
            DiskErrors.Run($"The undo disk {path} could not be made", () => DiskCreation.CreateDifferencing(path, disk));
            context.Configuration.File.Update(document => location.Undo.Write(document, context.Files.Folder, path));
        }
    }

    /// <summary>Does what <see cref="Action"/> says, after the machine has been turned off.</summary>
    /// <returns>What went wrong, or null. The undo disks are kept then.</returns>
    public VirtualMachineException? ApplyAction()
    {
        try
        {
            UndoAction action = Action;
            if (!IsEnabled || action == UndoAction.Keep || All().Count == 0)
            {
                return null;
            }

            using IDisposable guard = context.TakeRunLock(VirtualMachineError.MachineRunning);
            if (action == UndoAction.Discard)
            {
                DeleteAll();
                return null;
            }

            power.MoveTo(MachineState.MergingDrives);
            string[] undoFiles = [.. All().Select(undo => undo.Path)];
            using (TakeAll())
            {
                MergeAll(progress: null, CancellationToken.None);
            }

            Array.ForEach(undoFiles, FileUseLock.RemoveLeftOver);
            return null;
        }
        catch (VirtualMachineException e)
        {
            MachineLog.UndoActionFailed(context.Logger, e, context.Name, e.Message);
            return e;
        }
    }

    private IDisposable TakeAll()
    {
        List<string> files = [];
        foreach ((DriveLocation location, string path) in All())
        {
            string parent = DiskErrors.Run(
                $"The undo disk {path} could not be read",
                () => VirtualDiskInfo.Read(path).FindParent(),
                error => error == VirtualDiskError.ParentNotFound ? VirtualMachineError.PathNotFound : DiskErrors.ErrorOf(error));
            if (new FileInfo(parent).IsReadOnly)
            {
                throw new VirtualMachineException(
                    VirtualMachineError.FileReadOnly, $"The disk {parent} is read-only, so the undo disk cannot be merged into it.");
            }

            if (!UndoDiskFile.IsUndoDisk(path, Configured.DiskAt(location), context.Files.Folder))
            {
                throw new VirtualMachineException(
                    VirtualMachineError.ParentMismatch,
                    $"{path} is not an undo disk of {Configured.DiskAt(location)}, so it is not merged. "
                        + "Put the disk back that it was made from, or discard the undo disks.");
            }

            files.Add(path);
            files.Add(parent);
        }

        try
        {
            return context.Host.Disks.Take(files, [], owner: context.Files);
        }
        catch (VirtualMachineException e) when (e.Error == VirtualMachineError.SharingViolation)
        {
            throw new VirtualMachineException(VirtualMachineError.ParentInUse, e.Message, e);
        }
    }

    /// <summary>
    /// Merges the undo disks one after another; each that is merged is deleted, so a merge that was ended goes on with the rest.
    /// </summary>
    private void MergeAll(IProgress<int>? progress, CancellationToken cancellationToken)
    {
        IReadOnlyList<(DriveLocation Location, string Path)> undoDisks = All();
        for (int i = 0; i < undoDisks.Count; i++)
        {
            (DriveLocation location, string path) = undoDisks[i];
            IProgress<int>? share = progress is null ? null : new ProgressShare(progress, i, undoDisks.Count);
            DiskErrors.Run($"The undo disk {path} could not be merged", () => DiskMerge.IntoParent(path, share, cancellationToken));
            Delete(location, path);
        }
    }

    /// <exception cref="VirtualMachineException">
    /// <see cref="VirtualMachineError.SharingViolation"/>: another machine, perhaps of another data folder, is using one.
    /// </exception>
    private void DeleteAll()
    {
        ILookup<bool, (DriveLocation Location, string Path)> files = All().ToLookup(undo => IsUndoDiskOrLogged(undo.Location, undo.Path));
        foreach ((DriveLocation location, _) in files[false])
        {
            Forget(location);
        }

        string[] undoDisks = [.. files[true].Select(undo => undo.Path)];
        using (context.Host.Disks.Take(undoDisks, [], owner: context.Files))
        {
            foreach ((DriveLocation location, string path) in files[true])
            {
                Delete(location, path);
            }
        }

        Array.ForEach(undoDisks, FileUseLock.RemoveLeftOver);
    }

    /// <summary>Deletes a file that <see cref="UndoDiskFile.IsUndoDisk"/> was asked about.</summary>
    private void Delete(DriveLocation location, string path)
    {
        DiskErrors.Run($"The undo disk {path} could not be deleted", () => File.Delete(path));
        Forget(location);
    }

    private void Forget(DriveLocation location) =>
        context.Configuration.File.Update(document => location.Undo.Write(document, context.Files.Folder, string.Empty));

    private bool IsUndoDiskOrLogged(DriveLocation location, string path)
    {
        bool isUndoDisk = UndoDiskFile.IsUndoDisk(path, Configured.DiskAt(location), context.Files.Folder);
        if (!isUndoDisk)
        {
            MachineLog.UndoFileLeft(context.Logger, context.Name, path, location.ToString());
        }

        return isUndoDisk;
    }
}

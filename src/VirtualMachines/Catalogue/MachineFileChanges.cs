using VpcComApi.VirtualMachines.Configuration;

namespace VpcComApi.VirtualMachines.Catalogue;

/// <summary>Renames and deletes the files of machines, and refuses the names of files that are there already.</summary>
/// <param name="lockFolder">The folder of the locks that cannot be beside their files.</param>
internal sealed class MachineFileChanges(string lockFolder)
{
    /// <summary>Refuses files of a new machine that are there already.</summary>
    /// <param name="files">The new machine's files.</param>
    /// <exception cref="VirtualMachineException"><see cref="VirtualMachineError.AlreadyExists"/>.</exception>
    public static void DemandRoomForNew(MachineFiles files)
    {
        if (File.Exists(files.Configuration) || File.Exists(files.Description))
        {
            throw new VirtualMachineException(
                VirtualMachineError.AlreadyExists,
                $"There is a machine's file {files.Configuration} or {files.Description} already. "
                    + "Register it, or choose another name or folder.")
            {
                Remedy = File.Exists(files.Configuration) ? new Remedy(RemedyAction.RegisterMachine, files.Configuration) : null,
            };
        }

        if (((string[])[files.SavedState, files.NonVolatileMemory]).FirstOrDefault(File.Exists) is { } leftOver)
        {
            throw new VirtualMachineException(
                VirtualMachineError.AlreadyExists,
                $"There is a file {leftOver} already, which is left over from another machine and would be this one's. " +
                "Move it away, or choose another name or folder.");
        }
    }

    /// <summary>
    /// Refuses the files of a new name that are there already: another machine's saved state or memory would be this one's.
    /// </summary>
    /// <param name="old">The machine's files.</param>
    /// <param name="renamed">Their new names.</param>
    /// <exception cref="VirtualMachineException"><see cref="VirtualMachineError.AlreadyExists"/>.</exception>
    public static void DemandRoomForRenamed(MachineFiles old, MachineFiles renamed)
    {
        bool onlyCaseChanges = PathRules.FileNameComparer.Equals(renamed.Configuration, old.Configuration);
        string[] files = [renamed.Configuration, renamed.SavedState, renamed.NonVolatileMemory];
        if (!onlyCaseChanges && files.FirstOrDefault(File.Exists) is { } taken)
        {
            throw new VirtualMachineException(
                VirtualMachineError.AlreadyExists,
                $"There is a file {taken} already, of another machine. Choose another name, or move that file away.");
        }
    }

    /// <summary>Renames a machine's files, all or none.</summary>
    /// <param name="old">The machine's files.</param>
    /// <param name="renamed">Their new names.</param>
    /// <returns>What was renamed, for <see cref="TakeBack"/>.</returns>
    public IReadOnlyList<(string From, string To)> Rename(MachineFiles old, MachineFiles renamed)
    {
        List<(string From, string To)> moved = [];
        try
        {
            // Who is changing the configuration would write it again under its old name.
            ChangeLockOf(old).Run(() => Move(old.Configuration, renamed.Configuration));
            if (File.Exists(old.NonVolatileMemory))
            {
                Move(old.NonVolatileMemory, renamed.NonVolatileMemory);
            }

            return moved;
        }
        catch
        {
            TakeBack(moved);
            throw;
        }

        void Move(string from, string to)
        {
            File.Move(from, to);
            moved.Add((from, to));
        }
    }

    /// <summary>Gives files their old names back. What fails is left.</summary>
    /// <param name="moved">What was renamed.</param>
    public static void TakeBack(IReadOnlyList<(string From, string To)> moved)
    {
        foreach ((string from, string to) in moved.Reverse())
        {
            TryMove(to, from);
        }
    }

    /// <summary>Deletes a machine's files.</summary>
    /// <param name="files">The machine's files.</param>
    /// <param name="undoFiles">Its undo disks.</param>
    /// <exception cref="VirtualMachineException">A file could not be deleted; the configuration is still there then.</exception>
    public void Delete(MachineFiles files, IReadOnlyList<string> undoFiles)
    {
        try
        {
            // The configuration goes last: while it is there, a failed deletion can be tried again. Who is changing it would write it
            // again.
            foreach (string file in (string[])[files.SavedState, .. undoFiles, files.NonVolatileMemory, files.Description])
            {
                DeleteIfThere(file);
            }

            ChangeLockOf(files).Run(() => DeleteIfThere(files.Configuration));
        }
        catch (Exception e) when (StorageErrors.IsStorageError(e))
        {
            throw StorageErrors.Translate(e, $"The machine '{files.Name}' could not be deleted");
        }
    }

    /// <summary>Deletes a file that nobody misses.</summary>
    /// <param name="file">The full path.</param>
    public static void TryDelete(string file)
    {
        try
        {
            DeleteIfThere(file);
        }
        catch (Exception e) when (StorageErrors.IsStorageError(e))
        {
            // A description that nobody reads.
        }
    }

    /// <summary>Deletes a file that need not be there.</summary>
    /// <param name="file">The full path.</param>
    public static void DeleteIfThere(string file)
    {
        if (File.Exists(file))
        {
            File.Delete(file);
        }
    }

    private FileChangeLock ChangeLockOf(MachineFiles files) => new(files.Configuration, lockFolder);

    private static void TryMove(string from, string to)
    {
        try
        {
            File.Move(from, to);
        }
        catch (Exception e) when (StorageErrors.IsStorageError(e))
        {
            // The failure that brought us here is the one to report.
        }
    }
}

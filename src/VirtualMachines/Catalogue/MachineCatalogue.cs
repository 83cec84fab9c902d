using Microsoft.Extensions.Logging;
using VpcComApi.VirtualMachines.Configuration;
using VpcComApi.VirtualMachines.Events;
using VpcComApi.VirtualMachines.Machines;
using VpcComApi.VirtualMachines.VmcFiles;

namespace VpcComApi.VirtualMachines.Catalogue;

/// <summary>
/// A user's registered machines. Several processes of the user may have it open: each sees the others' registrations at its next look, and
/// one machine runs in one process at a time.
/// </summary>
internal sealed class MachineCatalogue
{
    private const string LockFolderName = "Running";

    private readonly VirtualMachineHost host;
    private readonly ILogger logger;
    private readonly string lockFolder;
    private readonly RegistrationFile registrations;
    private readonly MachineFileChanges fileChanges;
    private readonly MachineCreation creation;

    private readonly Lock sync = new();
    private readonly Dictionary<string, VirtualMachine> machines = new(PathRules.FileNameComparer);
    private readonly CatalogueProblems problems;
    private RegistrationList registered = RegistrationList.Empty;
    private (DateTime, long)? registeredStamp;

    /// <summary>Opens the catalogue.</summary>
    /// <param name="host">Its application.</param>
    /// <param name="dataFolder">The folder of the user's data, which exists.</param>
    public MachineCatalogue(VirtualMachineHost host, string dataFolder)
    {
        this.host = host;
        logger = host.LoggerFactory.CreateLogger<MachineCatalogue>();
        lockFolder = Path.Combine(dataFolder, LockFolderName);
        Directory.CreateDirectory(lockFolder);
        registrations = new RegistrationFile(dataFolder, lockFolder);
        fileChanges = new MachineFileChanges(lockFolder);
        creation = new MachineCreation(this, registrations, logger);
        problems = new CatalogueProblems(logger);
        SavedStateDisks = new SavedStateDisks(this);
    }

    /// <summary>The folder of the locks that cannot be beside their files.</summary>
    public string LockFolder => lockFolder;

    /// <summary>The disks that saved machines will go on with.</summary>
    public SavedStateDisks SavedStateDisks { get; }

    /// <summary>Whether machines were ever registered here.</summary>
    public bool WasEverUsed => registrations.Exists;

    /// <summary>The machines that can be used, by name. What runs here can be used, whatever has become of its file.</summary>
    public IReadOnlyList<VirtualMachine> Machines
    {
        get
        {
            lock (sync)
            {
                Refresh();
                return [.. machines
                    .Where(entry => !problems.Has(entry.Key) || entry.Value.Parts.Power.IsPoweredUp)
                    .Select(entry => entry.Value)
                    .OrderBy(machine => machine.Name, MachineNames.Comparer)];
            }
        }
    }

    /// <summary>What is registered and cannot be used, by name: machines, and lines that name none.</summary>
    public IReadOnlyList<CatalogueProblem> Problems
    {
        get
        {
            lock (sync)
            {
                Refresh();
                return [.. registered.Problems.Concat(problems.All).OrderBy(problem => problem.Name, MachineNames.Comparer)];
            }
        }
    }

    /// <summary>The registered files, whether they can be read or not.</summary>
    public IReadOnlyList<string> RegisteredFiles
    {
        get
        {
            lock (sync)
            {
                Refresh();
                return registered.Files;
            }
        }
    }

    /// <summary>What is registered, whether it can be used or not: its files, and its machine unless it could never be read.</summary>
    public IReadOnlyList<(MachineFiles Files, VirtualMachine? Machine)> Registered
    {
        get
        {
            lock (sync)
            {
                Refresh();
                return [.. registered.Files.Select(file => (MachineFiles.Of(file), machines.GetValueOrDefault(file)))];
            }
        }
    }

    /// <summary>The machines that this process knows, without a look at the files: those that may be running.</summary>
    public IReadOnlyList<VirtualMachine> Loaded
    {
        get
        {
            lock (sync)
            {
                return [.. machines.Values];
            }
        }
    }

    /// <summary>
    /// Looks a registered machine up by name, whether it can be used or not. One that cannot, and that this process has not known before,
    /// is opened as it stands, with nothing of it checked or written, and is not kept: once its file is good it is loaded like any other.
    /// </summary>
    /// <param name="name">The name, in any case.</param>
    /// <returns>The machine, or null.</returns>
    public VirtualMachine? FindRegistered(string name)
    {
        lock (sync)
        {
            Refresh();
            if (registered.Files.FirstOrDefault(file => MachineNames.Comparer.Equals(MachineFiles.Of(file).Name, name)) is not { } file)
            {
                return null;
            }

            if (machines.TryGetValue(file, out VirtualMachine? machine))
            {
                return machine;
            }

            MachineConfiguration configuration = OpenConfiguration(file);
            Guid id = configuration.IsReadable ? ConfigurationIds.Read(configuration.File.Current) : Guid.Empty;
            return new VirtualMachine(host, MachineFiles.Of(file), configuration, id);
        }
    }

    /// <summary>Opens a file of values.</summary>
    /// <param name="path">Its full path.</param>
    public ValueFile OpenFile(string path) => new(path, ConfigurationKeys.Root, lockFolder);

    /// <summary>Opens a machine's configuration.</summary>
    /// <param name="path">The full path of the .vmc file.</param>
    public MachineConfiguration OpenConfiguration(string path) => new(OpenFile(path));

    /// <summary>Takes the right to run a machine, or to take away what a run needs.</summary>
    /// <param name="files">The machine's files.</param>
    /// <returns>The right, to be disposed; null when somebody else has it, be it a process with another data folder.</returns>
    /// <exception cref="VirtualMachineException">The lock could not be made.</exception>
    public FileUseLock? TryTakeRunLock(MachineFiles files) => FileUseLock.TryTake(files.Configuration, exclusive: true, lockFolder);

    /// <inheritdoc cref="MachineCreation.Create"/>
    public VirtualMachine Create(string? name, string? path, string? provider, Action<VirtualMachine>? complete = null) =>
        creation.Create(name, path, provider, complete);

    /// <summary>Registers one more file.</summary>
    /// <param name="nameMayHaveExtension">Whether <c>.vmc</c> at the name's end is no part of it.</param>
    /// <param name="name">What the caller gave for the name.</param>
    /// <param name="path">What the caller gave for the path.</param>
    /// <param name="open">Makes or opens the configuration.</param>
    /// <exception cref="VirtualMachineException">The first refusal in the contract's order, or the file cannot be used.</exception>
    public VirtualMachine Add(bool nameMayHaveExtension, string? name, string? path, Func<MachineFiles, MachineConfiguration> open)
    {
        VirtualMachine machine;
        lock (sync)
        {
            machine = registrations.Change(list =>
            {
                MachineFiles files = MachineFiles.Resolve(name, path, nameMayHaveExtension, wanted => DemandUnused(list, wanted));
                VirtualMachine added = Load(files, open(files));
                list.Add(files.Configuration);
                return added;
            });
            machines[machine.ConfigurationFile] = machine;
            registeredStamp = null;
        }

        machine.Parts.Description.Write();
        return machine;
    }

    /// <summary>Registers an existing configuration.</summary>
    /// <param name="name">Its name, with or without <c>.vmc</c>; without one, the path names the file.</param>
    /// <param name="path">Its folder, or the full path of its .vmc file.</param>
    /// <exception cref="VirtualMachineException">The first refusal in the contract's order, or the file cannot be used.</exception>
    public VirtualMachine Register(string? name, string? path)
    {
        VirtualMachine machine = Add(nameMayHaveExtension: true, name, path, files =>
        {
            if (!Directory.Exists(files.Folder))
            {
                throw new VirtualMachineException(VirtualMachineError.PathNotFound, $"There is no folder {files.Folder}. Check the path.");
            }

            return File.Exists(files.Configuration)
                ? OpenConfiguration(files.Configuration)
                : throw new VirtualMachineException(
                    VirtualMachineError.FileNotFound, $"There is no file {files.Configuration}. Check name and path.");
        });
        MachineLog.MachineRegistered(logger, machine.Name, machine.ConfigurationFile);
        return machine;
    }

    /// <summary>Forgets a machine and leaves its files.</summary>
    /// <param name="machine">The machine.</param>
    /// <exception cref="VirtualMachineException">It is not registered, or is running.</exception>
    public void Unregister(VirtualMachine machine)
    {
        machine.Parts.Lifecycle.Leave(MachineOperation.Unregister, () => Remove(machine.Files));
        MachineLog.MachineUnregistered(logger, machine.Files.Name, machine.Files.Configuration);
    }

    /// <summary>Deletes a machine's configuration, description, saved state and undo data, and forgets it.</summary>
    /// <param name="machine">The machine.</param>
    /// <returns>False when its configuration was not there any more.</returns>
    /// <exception cref="VirtualMachineException">It is not registered, or is running, or a file could not be deleted.</exception>
    public bool Delete(VirtualMachine machine)
    {
        MachineFiles files = machine.Files;
        bool existed = false;
        IReadOnlyList<string> undoFiles = [];
        machine.Parts.Lifecycle.Leave(MachineOperation.Delete, () =>
        {
            existed = File.Exists(files.Configuration);
            undoFiles = machine.Parts.UndoDisks.Files();
            using IDisposable lease = host.Disks.Take(undoFiles, [], files);
            fileChanges.Delete(files, undoFiles);
            Remove(files);
        });
        foreach (string file in (string[])[files.Configuration, .. undoFiles])
        {
            FileUseLock.RemoveLeftOver(file);
        }

        MachineLog.MachineDeleted(logger, files.Name, files.Configuration);
        return existed;
    }

    /// <summary>Renames a machine's files and its registration.</summary>
    /// <param name="machine">The machine, which is off.</param>
    /// <param name="name">The new name, checked.</param>
    /// <returns>Its files.</returns>
    /// <exception cref="VirtualMachineException">
    /// The name is taken, the path becomes too long, or the files could not be renamed.
    /// </exception>
    public MachineFiles Rename(VirtualMachine machine, string name)
    {
        MachineFiles old = machine.Files;
        MachineFiles renamed = old.Renamed(name);
        if (renamed == old)
        {
            return old;
        }

        lock (sync)
        {
            IReadOnlyList<(string From, string To)> moved = [];
            try
            {
                registrations.Change(list =>
                {
                    int index = list.FindIndex(file => PathRules.FileNameComparer.Equals(file, old.Configuration));
                    if (index < 0)
                    {
                        throw new VirtualMachineException(
                            VirtualMachineError.MachineUnknown, $"The machine '{old.Name}' is no longer registered.");
                    }

                    DemandUnused(list.Where((_, i) => i != index), name);
                    PathRules.CheckLength(renamed.Description);
                    MachineFileChanges.DemandRoomForRenamed(old, renamed);
                    moved = fileChanges.Rename(old, renamed);
                    list[index] = renamed.Configuration;
                    return true;
                });
            }
            catch (Exception e)
            {
                // The registration could not be written: files and registration have one name.
                MachineFileChanges.TakeBack(moved);
                throw StorageErrors.IsStorageError(e)
                    ? StorageErrors.Translate(e, $"The machine '{old.Name}' could not be renamed to '{name}'")
                    : e;
            }

            MachineFileChanges.TryDelete(old.Description);
            machines.Remove(old.Configuration);
            machines[renamed.Configuration] = machine;
            registeredStamp = null;
            return renamed;
        }
    }

    private static void DemandUnused(IEnumerable<string> list, string name)
    {
        if (list.FirstOrDefault(file => MachineNames.Comparer.Equals(MachineFiles.Of(file).Name, name)) is { } other)
        {
            throw new VirtualMachineException(
                VirtualMachineError.ConfigurationDuplicateName,
                $"A machine of the name '{name}' is registered already, from {other}. Choose another name.");
        }
    }

    private VirtualMachine Load(MachineFiles files, MachineConfiguration configuration)
    {
        configuration.Check();
        HashSet<Guid> others = [.. machines.Values.Select(other => other.ConfigurationId)];
        return new VirtualMachine(host, files, configuration, configuration.EnsureIdentity(others));
    }

    private void Remove(MachineFiles files)
    {
        lock (sync)
        {
            registrations.Change(list => list.RemoveAll(entry => PathRules.FileNameComparer.Equals(entry, files.Configuration)));
            machines.Remove(files.Configuration);
            registeredStamp = null;
        }
    }

    /// <summary>Brings the machines into line with the registrations and files as they are now. Each problem is logged once.</summary>
    private void Refresh()
    {
        (DateTime, long) stamp = registrations.Stamp;
        if (stamp != registeredStamp)
        {
            RegistrationList read = registrations.Read();
            problems.LogNew(read.Problems.Except(registered.Problems));
            registered = read;
            registeredStamp = stamp;
        }

        foreach ((string file, VirtualMachine machine) in machines.ToList())
        {
            // What runs here stays here, whoever has unregistered it meanwhile.
            if (!registered.Files.Contains(file, PathRules.FileNameComparer)
                && StateRules.Refusal(MachineOperation.Unregister, machine.State) is null)
            {
                machine.Parts.Context.MarkUnregistered();
                machines.Remove(file);
            }
        }

        problems.KeepOnly(registered.Files);
        foreach (string file in registered.Files)
        {
            Look(file);
        }
    }

    private void Look(string file)
    {
        MachineFiles files = MachineFiles.Of(file);
        machines.TryGetValue(file, out VirtualMachine? machine);
        try
        {
            if (machine is null)
            {
                machines[file] = Load(files, OpenConfiguration(file));
            }
            else
            {
                machine.Parts.Context.Configuration.Check();
            }

            problems.Remove(file);
        }
        catch (VirtualMachineException e)
        {
            problems.Note(files, e, () => OpenConfiguration(file).IsReadable);
        }
    }
}

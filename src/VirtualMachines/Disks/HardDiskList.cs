using VpcComApi.VirtualDisks;
using VpcComApi.VirtualMachines.Configuration;
using VpcComApi.VirtualMachines.Tasks;

namespace VpcComApi.VirtualMachines.Disks;

/// <summary>The hard disks that somebody asked for, one object a file, and who is using them.</summary>
/// <param name="host">The application.</param>
/// <param name="leases">Who is using which.</param>
internal sealed class HardDiskList(VirtualMachineHost host, DiskLeases leases)
{
    private const int ForgetAt = 256;

    private readonly Lock sync = new();
    private readonly Dictionary<string, WeakReference<HardDisk>> known = new(DiskPaths.Comparer);

    /// <summary>The object of a file, whether or not the file is there.</summary>
    /// <param name="path">The full path.</param>
    public HardDisk Get(string path)
    {
        lock (sync)
        {
            if (known.TryGetValue(path, out WeakReference<HardDisk>? reference) && reference.TryGetTarget(out HardDisk? disk))
            {
                return disk;
            }

            if (known.Count >= ForgetAt)
            {
                foreach (string forgotten in known.Where(entry => !entry.Value.TryGetTarget(out _)).Select(entry => entry.Key).ToList())
                {
                    known.Remove(forgotten);
                }
            }

            disk = new HardDisk(host, path);
            known[path] = new WeakReference<HardDisk>(disk);
            return disk;
        }
    }

    /// <summary>The files of a disk: itself, its parent, and so on to the base.</summary>
    /// <param name="path">The disk's full path.</param>
    /// <exception cref="VirtualMachineException">A file of the chain is missing, damaged or another.</exception>
    public static IReadOnlyList<string> ChainOf(string path) => DiskErrors.Run($"The disk {path} could not be read", () =>
    {
        List<string> chain = [path];
        VirtualDiskInfo info = VirtualDiskInfo.Read(path);
        while (info.Kind == VirtualDiskKind.Differencing && chain.Count < VirtualDiskLimits.MaximumChainLength)
        {
            string parent = info.FindParent();
            chain.Add(parent);
            info = VirtualDiskInfo.Read(parent);
        }

        return (IReadOnlyList<string>)chain;
    });

    /// <summary>Takes disks for an operation. A disk that a saved machine will go on with may not be written.</summary>
    /// <param name="toWrite">Those that will be written.</param>
    /// <param name="toRead">Those that will only be read.</param>
    /// <param name="owner">The files of the machine whose own operation it is, or null.</param>
    /// <exception cref="VirtualMachineException"><see cref="VirtualMachineError.SharingViolation"/>.</exception>
    public IDisposable Take(IReadOnlyCollection<string> toWrite, IReadOnlyCollection<string> toRead, MachineFiles? owner = null)
    {
        host.Catalogue.SavedStateDisks.DemandNone(toWrite, owner);
        return leases.Take(toWrite, toRead);
    }

    /// <summary>Takes disks and begins a task that can be cancelled.</summary>
    /// <param name="description">What is being done, on what.</param>
    /// <param name="toWrite">Disks that will be written.</param>
    /// <param name="toRead">Disks that will only be read.</param>
    /// <param name="work">The work.</param>
    /// <exception cref="VirtualMachineException">A disk is in use, or the application is ending.</exception>
    public MachineTask StartOperation(
        string description, IReadOnlyCollection<string> toWrite, IReadOnlyCollection<string> toRead,
        Action<IProgress<int>, CancellationToken> work)
    {
        host.DemandOpen();
        IDisposable lease = Take(toWrite, toRead);
        return host.TaskList.Start(description, cancelable: true, (task, token) =>
        {
            using (lease)
            {
                DiskErrors.Run($"{description} failed", () => work(new TaskProgress(task, 0, 100), token));
            }

            return Task.CompletedTask;
        });
    }

    /// <summary>Makes a new disk as a task.</summary>
    /// <param name="path">Its path; the folder is made.</param>
    /// <param name="megabytes">Its size.</param>
    /// <param name="kind">Dynamic or fixed.</param>
    /// <exception cref="VirtualMachineException">The first refusal: size, path, volume, use.</exception>
    public MachineTask Create(string? path, int megabytes, VirtualDiskKind kind)
    {
        host.DemandOpen();
        if (megabytes <= 0)
        {
            throw new VirtualMachineException(
                VirtualMachineError.InvalidArgument,
                $"A disk cannot have {megabytes} MB. It has 3 to {VirtualDiskLimits.MaximumSize >> 20:N0} MB.");
        }

        long size = (long)megabytes << 20;
        DiskErrors.Run($"The size of {path} could not be checked", () => DiskCreation.CheckSize(size));
        string full = DiskPaths.CheckNew(path);
        long length = DiskPaths.FullLength(size);
        bool isFixed = kind == VirtualDiskKind.FixedSize;
        CheckVolume(full, length, isFixed ? length : null);
        return StartOperation($"Creating {full}", [full], [], (progress, token) =>
        {
            if (isFixed)
            {
                DiskCreation.CreateFixed(full, size, progress, token);
            }
            else
            {
                DiskCreation.CreateDynamic(full, size);
            }
        });
    }

    /// <summary>Makes a differencing disk as a task. One of the paths may be relative to the other's folder.</summary>
    /// <param name="path">The new disk; its folder is made.</param>
    /// <param name="parentPath">The parent.</param>
    /// <exception cref="VirtualMachineException">The first refusal: paths, parent, volume, use.</exception>
    public MachineTask CreateDifferencing(string? path, string? parentPath)
    {
        host.DemandOpen();
        string parent = CheckParent(Combine(parentPath, path));
        string full = DiskPaths.CheckNew(Combine(path, parentPath));
        VirtualDiskInfo info = DiskErrors.Run($"The parent {parent} could not be read", () => VirtualDiskInfo.Read(parent));
        CheckVolume(full, DiskPaths.FullLength(info.Size), null);
        return StartOperation($"Creating {full}", [full], ChainOf(parent), (_, _) => DiskCreation.CreateDifferencing(full, parent));
    }

    private static void CheckVolume(string path, long fullLength, long? needed) => DiskErrors.Run(
        $"The volume of {path} could not be looked at",
        () =>
        {
            if (needed is { } bytes)
            {
                DiskPaths.CheckVolume(path, fullLength, bytes);
            }
            else
            {
                DiskPaths.CheckVolume(path, fullLength);
            }
        });

    private static string CheckParent(string path)
    {
        try
        {
            return DiskPaths.CheckExisting(path);
        }
        catch (VirtualMachineException e) when (e.Error == VirtualMachineError.FileNotFound)
        {
            // The contract has no other code for a parent that is not there.
            throw new VirtualMachineException(VirtualMachineError.PathNotFound, e.Message, e);
        }
    }

    private static string Combine(string? path, string? other)
    {
        bool canCombine = !string.IsNullOrEmpty(path) && !Path.IsPathFullyQualified(path) && !string.IsNullOrEmpty(other)
            && Path.IsPathFullyQualified(other);
        return canCombine ? Path.GetFullPath(Path.Combine(Path.GetDirectoryName(other) ?? other!, path!)) : path ?? string.Empty;
    }
}

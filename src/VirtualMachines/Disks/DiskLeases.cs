using VpcComApi.VirtualMachines.Configuration;

namespace VpcComApi.VirtualMachines.Disks;

/// <summary>
/// Who may use which image: one writer, or any number of readers. Machines hold their disks for as long as they run; operations on disks
/// for as long as they last. Within the process this list decides. Between processes, whatever their data folders are, each holds a lock
/// beside each of the images (<see cref="FileUseLock"/>).
/// </summary>
/// <param name="tryTakeLock">
/// Takes the lock beside an image, exclusively or not; null when another process has it, for which it may have waited a moment.
/// </param>
internal sealed class DiskLeases(Func<string, bool, IDisposable?> tryTakeLock)
{
    /// <summary>Guards the two lists. It is not held while another process is waited for.</summary>
    private readonly Lock sync = new();
    private readonly HashSet<string> written = new(DiskPaths.Comparer);
    private readonly Dictionary<string, int> read = new(DiskPaths.Comparer);

    /// <summary>Makes the list of this process.</summary>
    /// <param name="lockFolder">Where the locks are that cannot be beside their images; it exists.</param>
    public DiskLeases(string lockFolder)
        : this((path, exclusive) => FileUseLock.TryTake(path, exclusive, lockFolder))
    {
    }

    /// <summary>Takes images.</summary>
    /// <param name="toWrite">Full paths of those that will be written.</param>
    /// <param name="toRead">Full paths of those that will only be read.</param>
    /// <returns>The right, to be disposed.</returns>
    /// <exception cref="VirtualMachineException"><see cref="VirtualMachineError.SharingViolation"/>: somebody has one of them.</exception>
    public IDisposable Take(IReadOnlyCollection<string> toWrite, IReadOnlyCollection<string> toRead)
    {
        Reserve(toWrite, toRead);
        List<IDisposable> locks = [];
        Lease lease = new(() => Release(toWrite, toRead, locks));
        try
        {
            TakeLocks(toWrite, exclusive: true, locks);
            TakeLocks(toRead, exclusive: false, locks);
            return lease;
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }

    private static VirtualMachineException InUse(string path) => new(
        VirtualMachineError.SharingViolation,
        $"The disk {path} is in use by a machine or by another operation. Turn the machine off, or wait for the operation.");

    /// <summary>Takes images within this process, all or none.</summary>
    private void Reserve(IReadOnlyCollection<string> toWrite, IReadOnlyCollection<string> toRead)
    {
        lock (sync)
        {
            if (toWrite.FirstOrDefault(path => written.Contains(path) || read.ContainsKey(path)) is { } taken)
            {
                throw InUse(taken);
            }

            if (toRead.FirstOrDefault(written.Contains) is { } beingWritten)
            {
                throw InUse(beingWritten);
            }

            written.UnionWith(toWrite);
            foreach (string path in toRead)
            {
                read[path] = read.GetValueOrDefault(path) + 1;
            }
        }
    }

    private void TakeLocks(IEnumerable<string> paths, bool exclusive, List<IDisposable> locks)
    {
        foreach (string path in paths.Distinct(DiskPaths.Comparer))
        {
            locks.Add(tryTakeLock(path, exclusive) ?? throw InUse(path));
        }
    }

    /// <summary>Lets go: of the locks first, so that the next one in this process who takes the images finds them free.</summary>
    private void Release(IEnumerable<string> toWrite, IEnumerable<string> toRead, List<IDisposable> locks)
    {
        locks.ForEach(held => held.Dispose());
        lock (sync)
        {
            written.ExceptWith(toWrite);
            foreach (string path in toRead)
            {
                if (--read[path] == 0)
                {
                    read.Remove(path);
                }
            }
        }
    }

    private sealed class Lease(Action release) : IDisposable
    {
        private Action? release = release;

        public void Dispose() => Interlocked.Exchange(ref release, null)?.Invoke();
    }
}

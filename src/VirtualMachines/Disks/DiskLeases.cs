using VpcComApi.VirtualMachines.Configuration;

namespace VpcComApi.VirtualMachines.Disks;

/// <summary>
/// Who may use which image: one writer, or any number of readers. Machines hold their disks for as long as they run; operations on disks
/// for as long as they last. Within the process this list decides. Between processes, whatever their data folders are, each holds a lock
/// beside each of the images (<see cref="FileUseLock"/>).
/// </summary>
/// <param name="lockFolder">Where the locks are that cannot be beside their images; it exists.</param>
internal sealed class DiskLeases(string lockFolder)
{
    private readonly Lock sync = new();
    private readonly HashSet<string> written = new(DiskPaths.Comparer);
    private readonly Dictionary<string, int> read = new(DiskPaths.Comparer);

    /// <summary>Takes images.</summary>
    /// <param name="toWrite">Full paths of those that will be written.</param>
    /// <param name="toRead">Full paths of those that will only be read.</param>
    /// <returns>The right, to be disposed.</returns>
    /// <exception cref="VirtualMachineException"><see cref="VirtualMachineError.SharingViolation"/>: somebody has one of them.</exception>
    public IDisposable Take(IReadOnlyCollection<string> toWrite, IReadOnlyCollection<string> toRead)
    {
        List<FileUseLock> locks = [];
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

            try
            {
                TakeLocks(toWrite, exclusive: true, locks);
                TakeLocks(toRead, exclusive: false, locks);
            }
            catch
            {
                locks.ForEach(held => held.Dispose());
                throw;
            }

            written.UnionWith(toWrite);
            foreach (string path in toRead)
            {
                read[path] = read.GetValueOrDefault(path) + 1;
            }
        }

        return new Lease(() => Release(toWrite, toRead, locks));
    }

    private static VirtualMachineException InUse(string path) => new(
        VirtualMachineError.SharingViolation, $"The disk {path} is in use by a machine or by another operation. Turn the machine off, or wait for the operation.");

    private void TakeLocks(IEnumerable<string> paths, bool exclusive, List<FileUseLock> locks)
    {
        foreach (string path in paths.Distinct(DiskPaths.Comparer))
        {
            locks.Add(FileUseLock.TryTake(path, exclusive, lockFolder) ?? throw InUse(path));
        }
    }

    private void Release(IEnumerable<string> toWrite, IEnumerable<string> toRead, List<FileUseLock> locks)
    {
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

            locks.ForEach(held => held.Dispose());
        }
    }

    private sealed class Lease(Action release) : IDisposable
    {
        private Action? release = release;

        public void Dispose() => Interlocked.Exchange(ref release, null)?.Invoke();
    }
}

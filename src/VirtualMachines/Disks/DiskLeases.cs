using System.Security.Cryptography;
using System.Text;
using VpcComApi.VirtualMachines.Configuration;

namespace VpcComApi.VirtualMachines.Disks;

/// <summary>
/// Who may use which image: one writer, or any number of readers. Machines hold their disks for as long as they run; operations on disks for as long as they last.
/// Within the process this list decides. Between processes of the user, a running machine holds a lock file for each of its disks, which others look at; what operations
/// do to each other, the files' own sharing decides.
/// </summary>
/// <param name="lockFolder">Where the lock files are; it exists.</param>
internal sealed class DiskLeases(string lockFolder)
{
    private readonly Lock sync = new();
    private readonly HashSet<string> written = new(DiskPaths.Comparer);
    private readonly Dictionary<string, int> read = new(DiskPaths.Comparer);

    /// <summary>Takes images.</summary>
    /// <param name="toWrite">Full paths of those that will be written.</param>
    /// <param name="toRead">Full paths of those that will only be read.</param>
    /// <param name="forRun">Whether it is a machine that takes them to run with: other processes are told by lock files then, which stay.</param>
    /// <returns>The right, to be disposed.</returns>
    /// <exception cref="VirtualMachineException"><see cref="VirtualMachineError.SharingViolation"/>: somebody has one of them.</exception>
    public IDisposable Take(IReadOnlyCollection<string> toWrite, IReadOnlyCollection<string> toRead, bool forRun)
    {
        List<FileStream> locks = [];
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
                TakeLocks(toWrite, exclusive: true, forRun, locks);
                TakeLocks(toRead, exclusive: false, forRun, locks);
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

    private static FileStream? TryOpen(string lockFile, bool exclusive)
    {
        try
        {
            return exclusive
                ? new FileStream(lockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None)
                : new FileStream(lockFile, FileMode.OpenOrCreate, FileAccess.Read, FileShare.Read);
        }
        catch (IOException e) when (e is not (DirectoryNotFoundException or FileNotFoundException or PathTooLongException))
        {
            return null;
        }
        catch (Exception e) when (StorageErrors.IsStorageError(e))
        {
            throw StorageErrors.Translate(e, $"The lock file {lockFile} could not be opened");
        }
    }

    private void TakeLocks(IEnumerable<string> paths, bool exclusive, bool forRun, List<FileStream> locks)
    {
        foreach (string path in paths.Distinct(DiskPaths.Comparer))
        {
            string lockFile = LockOf(path);

            // Without a file no machine has ever run with this disk.
            if (forRun || File.Exists(lockFile))
            {
                locks.Add(TryOpen(lockFile, exclusive) ?? throw InUse(path));
            }
        }
    }

    private string LockOf(string path)
    {
        string name = OperatingSystem.IsWindows() ? path.ToUpperInvariant() : path;
        return Path.Combine(lockFolder, $"disk-{Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..32]}.lock");
    }

    private void Release(IEnumerable<string> toWrite, IEnumerable<string> toRead, List<FileStream> locks)
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

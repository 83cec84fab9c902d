using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace VpcComApi.VirtualMachines.Configuration;

/// <summary>
/// A right to a file, or to a machine by its .vmc file: a lock on one byte of an empty file beside it, <c>NAME.lock</c>; which byte says to
/// what (<see cref="FileRight"/>). Whoever reaches the file by whatever path meets the same lock: processes with other data folders, and
/// hosts under Wine and beside it, because Wine makes locks of Windows locks of its host's system. The system frees it when its holder
/// dies. Where no such file can be made (a folder that may not be written or is gone, a volume without locks), the lock is in the data
/// folder, and holds among the processes that have that one. Every other failure is a refusal: two processes of which only one cannot open
/// the lock file must not both have the right.
/// </summary>
/// <remarks>
/// On Linux the file is removed when the last holder of any right lets go; a holder that was killed leaves it, empty. On Windows, where it
/// cannot be removed without a moment in which somebody on the other side of Wine could lock the removed file, it stays.
/// </remarks>
internal sealed class FileUseLock : IDisposable
{
    private const string Extension = ".lock";

    /// <summary>How often a lock file is opened anew because its holder removed it meanwhile.</summary>
    private const int Attempts = 100;

    /// <summary>
    /// How often a lock is asked for again: a holder that lets go has every byte alone for a moment, to remove the lock file.
    /// </summary>
    private const int Retries = 10;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(10);

    private readonly string path;
    private SafeFileHandle? held;

    private FileUseLock(string path, SafeFileHandle held)
    {
        this.path = path;
        this.held = held;
    }

    /// <summary>Takes a right if nobody has it.</summary>
    /// <param name="file">The full path of the file. A link counts as what it leads to.</param>
    /// <param name="exclusive">Whether nobody else may have it; otherwise any number may that do not need it exclusively.</param>
    /// <param name="elsewhere">The folder for a lock that cannot be beside its file.</param>
    /// <param name="right">Which right.</param>
    /// <returns>The right, to be disposed; null when somebody has it.</returns>
    /// <exception cref="VirtualMachineException">
    /// The lock file is there and cannot be opened, or it cannot be made for another reason than that its folder takes none.
    /// </exception>
    public static FileUseLock? TryTake(string file, bool exclusive, string elsewhere, FileRight right = FileRight.Use)
    {
        string target = Target(file);
        if (TryTakeAt(target + Extension, right, exclusive, out FileUseLock? taken))
        {
            return taken;
        }

        string name = OperatingSystem.IsWindows() ? target.ToUpperInvariant() : target;
        string path = Path.Combine(elsewhere, Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..32] + Extension);
        return TryTakeAt(path, right, exclusive, out taken)
            ? taken
            : throw new VirtualMachineException(
                VirtualMachineError.AccessDenied, $"The lock file {path} could not be made. Check the rights on the folder {elsewhere}.");
    }

    /// <summary>The lock file of a file.</summary>
    /// <param name="file">The file's full path.</param>
    public static string PathOf(string file) => Target(file) + Extension;

    /// <summary>Removes the lock file that Windows keeps of a file that is deleted, when nobody has it open.</summary>
    /// <param name="file">The full path of the file, whose lock this process has let go of.</param>
    public static void RemoveLeftOver(string file)
    {
        if (!OperatingSystem.IsWindows())
        {
            return;
        }

        try
        {
            File.Delete(PathOf(file));
        }
        catch (Exception e) when (StorageErrors.IsStorageError(e))
        {
            // It is empty, and does no harm.
        }
    }

    /// <summary>Lets go.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref held, null) is not { } handle)
        {
            return;
        }

        using (handle)
        {
            if (OperatingSystem.IsLinux())
            {
                // Others may share the right, or have another one. Nobody removes the lock file who does not hold every byte of it alone.
                // The own lock goes first: of two who let go at once, each of whom keeps what it has and asks for the rest, none would get
                // all.
                UnixFileLock.Unlock(handle);
                if (UnixFileLock.TryLockAll(handle) && UnixFileLock.IsAt(handle, path))
                {
                    UnixFileLock.Remove(path);
                }

                UnixFileLock.Unlock(handle);
            }
        }
    }

    /// <summary>The refusal when a lock file cannot be opened.</summary>
    /// <param name="path">The lock file.</param>
    /// <param name="reason">What the system says.</param>
    /// <param name="isFull">Whether the volume has no room for it.</param>
    internal static VirtualMachineException CannotOpen(string path, string reason, bool isFull) => new(
        isFull ? VirtualMachineError.DiskFull : VirtualMachineError.AccessDenied,
        $"The lock file {path} could not be opened: {reason.TrimEnd('.')}. Check the rights on it and the room in its folder. "
            + "If no program is using the file beside it, remove it.");

    /// <summary>
    /// The file itself, by the name that it has in its folder. Where Windows, and Wine, find a file by any spelling, the lock file of each
    /// spelling would be another one for a program beside Wine, which knows the file by its own name alone.
    /// </summary>
    private static string Target(string file)
    {
        string target = FileLinks.TargetOf(file);
        return OperatingSystem.IsWindows() ? WindowsFileLock.WithOwnName(target) : target;
    }

    /// <returns>False when there can be no lock file there.</returns>
    private static bool TryTakeAt(string path, FileRight right, bool exclusive, out FileUseLock? taken)
    {
        taken = null;
        int retries = Retries;
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            SafeFileHandle? handle = OperatingSystem.IsWindows() ? WindowsFileLock.TryOpen(path) : UnixFileLock.TryOpen(path);
            if (handle is null)
            {
                return false;
            }

            bool? locked = OperatingSystem.IsWindows()
                ? WindowsFileLock.TryLock(handle, right, exclusive)
                : UnixFileLock.TryLock(handle, right, exclusive);
            if (locked == true && (OperatingSystem.IsWindows() ? WindowsFileLock.IsAt(handle, path) : UnixFileLock.IsAt(handle, path)))
            {
                taken = new FileUseLock(path, handle);
                return true;
            }

            handle.Dispose();
            if (locked is null)
            {
                return false;
            }

            if (locked == false && retries-- <= 0)
            {
                return true;
            }

            if (locked == false)
            {
#pragma warning disable RS0030 // Another process lets go of a file lock without telling anybody; the limit is above.
                Thread.Sleep(RetryAfter);
#pragma warning restore RS0030
            }
        }

        return true;
    }
}

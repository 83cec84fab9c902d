using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace VpcComApi.VirtualMachines.Configuration;

/// <summary>
/// The right to use a file, or a machine by its .vmc file: a lock on the first byte of an empty file beside it, <c>NAME.lock</c>. Whoever reaches the file by whatever
/// path meets the same lock: processes with other data folders, and hosts under Wine and beside it, because Wine makes locks of Windows locks of its host's system. The system
/// frees it when its holder dies. Where no such file can be made (a folder that may not be written or is gone, a volume without locks), the lock is in the data folder, and
/// holds among the processes that have that one. Every other failure is a refusal: two processes of which only one cannot open the lock file must not both have the right.
/// </summary>
/// <remarks>
/// On Linux the file is removed when the last holder lets go; a holder that was killed leaves it, empty. On Windows, where it cannot be removed without a moment in which
/// somebody on the other side of Wine could lock the removed file, it stays.
/// </remarks>
internal sealed class FileUseLock : IDisposable
{
    private const string Extension = ".lock";

    /// <summary>How often a lock file is opened anew because its holder removed it meanwhile.</summary>
    private const int Attempts = 100;

    /// <summary>How often a shared lock is asked for again: a holder that lets go has it alone for a moment, to remove the lock file.</summary>
    private const int SharedRetries = 10;

    private static readonly TimeSpan SharedRetryAfter = TimeSpan.FromMilliseconds(10);

    private readonly string path;
    private readonly bool exclusive;
    private SafeFileHandle? held;

    private FileUseLock(string path, SafeFileHandle held, bool exclusive)
    {
        this.path = path;
        this.held = held;
        this.exclusive = exclusive;
    }

    /// <summary>Takes the right if nobody has it.</summary>
    /// <param name="file">The full path of the file. A link counts as what it leads to.</param>
    /// <param name="exclusive">Whether nobody else may have it; otherwise any number may that do not need it exclusively.</param>
    /// <param name="elsewhere">The folder for a lock that cannot be beside its file.</param>
    /// <returns>The right, to be disposed; null when somebody has it.</returns>
    /// <exception cref="VirtualMachineException">The lock file is there and cannot be opened, or it cannot be made for another reason than that its folder takes none.</exception>
    public static FileUseLock? TryTake(string file, bool exclusive, string elsewhere)
    {
        string target = Target(file);
        if (TryTakeAt(target + Extension, exclusive, out FileUseLock? taken))
        {
            return taken;
        }

        string name = OperatingSystem.IsWindows() ? target.ToUpperInvariant() : target;
        string path = Path.Combine(elsewhere, Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..32] + Extension);
        return TryTakeAt(path, exclusive, out taken)
            ? taken
            : throw new VirtualMachineException(VirtualMachineError.AccessDenied, $"The lock file {path} could not be made. Check the rights on the folder {elsewhere}.");
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
            // It is empty, and in nobody's way.
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
                // Others that share the lock are using the file. Nobody removes it who does not hold it alone.
                if ((exclusive || UnixFileLock.TryLock(handle, exclusive: true) == true) && UnixFileLock.IsAt(handle, path))
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
    internal static VirtualMachineException CannotOpen(string path, string reason) => new(
        VirtualMachineError.AccessDenied,
        $"The lock file {path} could not be opened: {reason.TrimEnd('.')}. Check the rights on it and the room in its folder. If no program is using the file beside it, remove it.");

    private static string Target(string file)
    {
        try
        {
            return File.ResolveLinkTarget(file, returnFinalTarget: true)?.FullName ?? file;
        }
        catch (Exception e) when (StorageErrors.IsStorageError(e))
        {
            // It is gone, or links lead in a circle: its name is what is left of it.
            return file;
        }
    }

    /// <returns>False when there can be no lock file there.</returns>
    private static bool TryTakeAt(string path, bool exclusive, out FileUseLock? taken)
    {
        taken = null;
        int retries = exclusive ? 0 : SharedRetries;
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            SafeFileHandle? handle = OperatingSystem.IsWindows() ? WindowsFileLock.TryOpen(path) : UnixFileLock.TryOpen(path);
            if (handle is null)
            {
                return false;
            }

            bool? locked = OperatingSystem.IsWindows() ? WindowsFileLock.TryLock(handle, exclusive) : UnixFileLock.TryLock(handle, exclusive);
            if (locked == true && (OperatingSystem.IsWindows() ? WindowsFileLock.IsAt(handle, path) : UnixFileLock.IsAt(handle, path)))
            {
                taken = new FileUseLock(path, handle, exclusive);
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
                Thread.Sleep(SharedRetryAfter);
            }
        }

        return true;
    }
}

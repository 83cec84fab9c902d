using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;
using VpcComApi.Platform.Linux;

namespace VpcComApi.VirtualMachines.Configuration;

/// <summary>
/// Locks of single bytes on Linux, of the kind that belongs to the opened file (<c>F_OFD_SETLK</c> in fcntl(2)): they hold between threads
/// of one process, too, closing another handle of the file does not free them, and they keep out the locks of processes, which are what
/// Wine takes for its programs.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal static class UnixFileLock
{
    private const int ReadWriteForAll = 0b110_110_110;

    private const int NotPermitted = 1;
    private const int NoSuchEntry = 2;
    private const int PermissionDenied = 13;
    private const int NotAFolder = 20;
    private const int InvalidArgument = 22;
    private const int NoSpace = 28;
    private const int ReadOnlyFileSystem = 30;
    private const int NameTooLong = 36;
    private const int NoLocks = 37;
    private const int NotImplemented = 38;
    private const int NotSupported = 95;
    private const int QuotaExceeded = 122;

    /// <summary>The bytes that stand for the values of <see cref="FileRight"/>.</summary>
    private const int Rights = 2;

    /// <summary>Opens a lock file, or makes it.</summary>
    /// <param name="path">Its full path.</param>
    /// <returns>Null when there is none and its folder takes none.</returns>
    /// <exception cref="VirtualMachineException">It is there and cannot be opened, or cannot be made for another reason.</exception>
    public static SafeFileHandle? TryOpen(string path)
    {
        int descriptor = Libc.open(
            path, Libc.O_RDWR | Libc.O_CREAT | Libc.O_CLOEXEC | Libc.O_NOFOLLOW | Libc.O_NONBLOCK, ReadWriteForAll);
        if (descriptor >= 0)
        {
            return new SafeFileHandle(descriptor, ownsHandle: true);
        }

        int error = Marshal.GetLastPInvokeError();
        bool folderTakesNone = error is NotPermitted or PermissionDenied or ReadOnlyFileSystem or NoSuchEntry or NotAFolder or NameTooLong;
        return folderTakesNone && !IsThere(path)
            ? null
            : throw FileUseLock.CannotOpen(path, Marshal.GetPInvokeErrorMessage(error), error is NoSpace or QuotaExceeded);
    }

    /// <summary>Takes the lock of a right without waiting.</summary>
    /// <param name="file">The open lock file.</param>
    /// <param name="right">The right.</param>
    /// <param name="exclusive">Whether nobody else may have it.</param>
    /// <returns>Whether it was free; also false when the system did not say. Null when the volume has no locks.</returns>
    public static bool? TryLock(SafeFileHandle file, FileRight right, bool exclusive)
    {
        Libc.FileLock wanted = new() { Type = exclusive ? Libc.F_WRLCK : Libc.F_RDLCK, Start = (long)right, Length = 1 };
        return Libc.fcntl(file, Libc.F_OFD_SETLK, ref wanted) == 0 ? true
            : Marshal.GetLastPInvokeError() is NoLocks or NotImplemented or NotSupported or InvalidArgument ? null
            : false;
    }

    /// <summary>Takes the locks of all rights without waiting, with nobody beside.</summary>
    /// <param name="file">The open lock file.</param>
    /// <returns>Whether they were free. Otherwise none was taken.</returns>
    public static bool TryLockAll(SafeFileHandle file)
    {
        Libc.FileLock wanted = new() { Type = Libc.F_WRLCK, Length = Rights };
        return Libc.fcntl(file, Libc.F_OFD_SETLK, ref wanted) == 0;
    }

    /// <summary>Frees what this handle has locked now, also where a process that is just being started has a copy of the handle.</summary>
    /// <param name="file">The open lock file.</param>
    public static void Unlock(SafeFileHandle file)
    {
        Libc.FileLock wanted = new() { Type = Libc.F_UNLCK, Length = Rights };
        _ = Libc.fcntl(file, Libc.F_OFD_SETLK, ref wanted);
    }

    /// <summary>Whether an open file is still the one at its path.</summary>
    /// <param name="file">The file.</param>
    /// <param name="path">The path.</param>
    public static bool IsAt(SafeFileHandle file, string path) =>
        FileStatus.TryRead(file) is { } open
        && FileStatus.TryRead(path, followsLink: false) is { } there
        && open.Inode == there.Inode
        && open.Device == there.Device;

    /// <summary>Removes a lock file. Only who has locked all of it does that.</summary>
    /// <param name="path">Its full path.</param>
    public static void Remove(string path) => _ = Libc.unlink(path);

    /// <summary>Whether there is anything at a path, be it a link that leads nowhere.</summary>
    private static bool IsThere(string path) => FileStatus.TryRead(path, followsLink: false) is not null;
}

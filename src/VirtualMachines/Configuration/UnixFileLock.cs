using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace VpcComApi.VirtualMachines.Configuration;

/// <summary>
/// Locks of single bytes on Linux, of the kind that belongs to the opened file (<c>F_OFD_SETLK</c> in fcntl(2)): they hold between threads
/// of one process, too, closing another handle of the file does not free them, and they keep out the locks of processes, which are what
/// Wine takes for its programs.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal static partial class UnixFileLock
{
    private const int ReadWrite = 2;
    private const int Create = 0x40;
    private const int CloseOnExec = 0x80000;
    private const int NoFollow = 0x20000;
    private const int NonBlocking = 0x800;
    private const int ReadWriteForAll = 0b110_110_110;

    private const int SetLock = 37;
    private const short ReadLock = 0;
    private const short WriteLock = 1;
    private const short NoLock = 2;
    private const int TryAgain = 11;

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

    private const int AT_FDCWD = -100;
    private const int AT_EMPTY_PATH = 0x1000;
    private const int AT_SYMLINK_NOFOLLOW = 0x100;
    private const uint STATX_INO = 0x100;
    private const int StatSize = 256;
    private const int StatInodeOffset = 32;
    private const int StatDeviceOffset = 136;

    /// <summary>Opens a lock file, or makes it.</summary>
    /// <param name="path">Its full path.</param>
    /// <returns>Null when there is none and its folder takes none.</returns>
    /// <exception cref="VirtualMachineException">It is there and cannot be opened, or cannot be made for another reason.</exception>
    public static SafeFileHandle? TryOpen(string path)
    {
        int descriptor = Open(path, ReadWrite | Create | CloseOnExec | NoFollow | NonBlocking, ReadWriteForAll);
        if (descriptor >= 0)
        {
            return new SafeFileHandle(descriptor, ownsHandle: true);
        }

        int error = Marshal.GetLastPInvokeError();
        bool folderTakesNone = error is NotPermitted or PermissionDenied or ReadOnlyFileSystem or NoSuchEntry or NotAFolder or NameTooLong;
        return folderTakesNone && !IsThere(path) ? null : throw FileUseLock.CannotOpen(path, Marshal.GetPInvokeErrorMessage(error), error is NoSpace or QuotaExceeded);
    }

    /// <summary>Takes the lock of a right without waiting.</summary>
    /// <param name="file">The open lock file.</param>
    /// <param name="right">The right.</param>
    /// <param name="exclusive">Whether nobody else may have it.</param>
    /// <returns>Whether it was free; also false when the system could not tell. Null when the volume has no locks.</returns>
    public static bool? TryLock(SafeFileHandle file, FileRight right, bool exclusive)
    {
        FileLock wanted = new() { Type = exclusive ? WriteLock : ReadLock, Start = (long)right, Length = 1 };
        return Control(file, SetLock, ref wanted) == 0 ? true
            : Marshal.GetLastPInvokeError() is NoLocks or NotImplemented or NotSupported or InvalidArgument ? null
            : false;
    }

    /// <summary>Takes the locks of all rights without waiting, with nobody beside.</summary>
    /// <param name="file">The open lock file.</param>
    /// <returns>Whether they were free. Otherwise none was taken.</returns>
    public static bool TryLockAll(SafeFileHandle file)
    {
        FileLock wanted = new() { Type = WriteLock, Length = Rights };
        return Control(file, SetLock, ref wanted) == 0;
    }

    /// <summary>Frees what this handle has locked now, also where a process that is just being started has a copy of the handle.</summary>
    /// <param name="file">The open lock file.</param>
    public static void Unlock(SafeFileHandle file)
    {
        FileLock wanted = new() { Type = NoLock, Length = Rights };
        _ = Control(file, SetLock, ref wanted);
    }

    /// <summary>Whether an open file is still the one at its path.</summary>
    /// <param name="file">The file.</param>
    /// <param name="path">The path.</param>
    public static bool IsAt(SafeFileHandle file, string path)
    {
        Span<byte> open = stackalloc byte[StatSize];
        Span<byte> there = stackalloc byte[StatSize];
        return StatX(file, string.Empty, AT_EMPTY_PATH, STATX_INO, open) == 0
            && StatX(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, STATX_INO, there) == 0
            && open.Slice(StatInodeOffset, sizeof(ulong)).SequenceEqual(there.Slice(StatInodeOffset, sizeof(ulong)))
            && open.Slice(StatDeviceOffset, sizeof(ulong)).SequenceEqual(there.Slice(StatDeviceOffset, sizeof(ulong)));
    }

    /// <summary>Removes a lock file. Only who has locked all of it does that.</summary>
    /// <param name="path">Its full path.</param>
    public static void Remove(string path) => _ = Unlink(path);

    /// <summary>Whether there is anything at a path, be it a link that leads nowhere.</summary>
    private static bool IsThere(string path)
    {
        Span<byte> there = stackalloc byte[StatSize];
        return StatX(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, STATX_INO, there) == 0;
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(SafeFileHandle file, int command, ref FileLock argument);

    [LibraryImport("libc", EntryPoint = "unlink", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Unlink(string path);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(SafeFileHandle folder, string path, int flags, uint mask, Span<byte> stat);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int folder, string path, int flags, uint mask, Span<byte> stat);

    /// <summary>The system's struct flock, with 64-bit offsets.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct FileLock
    {
        public short Type;
        public short Whence;
        public long Start;
        public long Length;
        public int Process;
    }
}

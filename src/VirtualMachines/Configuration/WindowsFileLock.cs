using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;
using VpcComApi.Platform.Windows;
using VpcComApi.VirtualDisks;

namespace VpcComApi.VirtualMachines.Configuration;

/// <summary>Locks of single bytes on Windows. Wine takes the byte on its host's file, too, where programs beside it meet it.</summary>
[SupportedOSPlatform("windows")]
internal static class WindowsFileLock
{
    private const int InvalidFunction = 1;
    private const int NotSupported = 50;
    private const int WriteProtected = unchecked((int)0x80070013);

    // WIN32_FIND_DATAW: the name, which ends with a zero, stands behind attributes, times and sizes.
    private const int FoundSize = 592;
    private const int FoundNameOffset = 44;
    private const int LongestFoundName = 260;

    /// <summary>Opens a lock file, or makes it. While it is open, Windows lets nobody delete it.</summary>
    /// <param name="path">Its full path.</param>
    /// <returns>Null when there is none and its folder takes none.</returns>
    /// <exception cref="VirtualMachineException">It is there and cannot be opened, or cannot be made for another reason.</exception>
    public static SafeFileHandle? TryOpen(string path)
    {
        try
        {
            return File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
        }
        catch (Exception e) when (StorageErrors.IsStorageError(e))
        {
            bool folderTakesNone = e is UnauthorizedAccessException or DirectoryNotFoundException or FileNotFoundException
                or PathTooLongException || e.HResult == WriteProtected;
            return folderTakesNone && !File.Exists(path) && !Directory.Exists(path)
                ? null
                : throw FileUseLock.CannotOpen(path, e.Message, VolumeErrors.IsFull(e));
        }
    }

    /// <summary>Takes the lock of a right without waiting.</summary>
    /// <param name="file">The open lock file.</param>
    /// <param name="right">The right.</param>
    /// <param name="exclusive">Whether nobody else may have it.</param>
    /// <returns>Whether it was free; also false when the system did not say. Null when the volume has no locks.</returns>
    public static unsafe bool? TryLock(SafeFileHandle file, FileRight right, bool exclusive)
    {
        NativeOverlapped first = new() { OffsetLow = (int)right };
        return Kernel32.LockFileEx(
            file, Kernel32.LOCKFILE_FAIL_IMMEDIATELY | (exclusive ? Kernel32.LOCKFILE_EXCLUSIVE_LOCK : 0), 0, 1, 0, &first) ? true
            : Marshal.GetLastPInvokeError() is InvalidFunction or NotSupported ? null
            : false;
    }

    /// <summary>Whether an open file is still the one at its path: a program beside Wine may have removed it.</summary>
    /// <param name="file">The file.</param>
    /// <param name="path">The path.</param>
    public static bool IsAt(SafeFileHandle file, string path)
    {
        using SafeFileHandle? there = TryOpen(path);
        return there is not null && FileIdentity.Of(there) is var identity && identity == FileIdentity.Of(file);
    }

    /// <summary>
    /// A file's path with the name that the file has in its folder, which may be spelled otherwise than the one by which it was found.
    /// </summary>
    /// <param name="path">The full path of the file.</param>
    /// <returns>The path; the given one when there is no such file.</returns>
    public static string WithOwnName(string path)
    {
        Span<byte> found = stackalloc byte[FoundSize];
        nint search = Kernel32.FindFirstFile(path, found);
        if (search == Kernel32.INVALID_HANDLE_VALUE)
        {
            return path;
        }

        Kernel32.FindClose(search);
        ReadOnlySpan<char> name = MemoryMarshal.Cast<byte, char>(found.Slice(FoundNameOffset, LongestFoundName * sizeof(char)));
        return Path.Join(Path.GetDirectoryName(path.AsSpan()), name[..name.IndexOf('\0')]);
    }
}

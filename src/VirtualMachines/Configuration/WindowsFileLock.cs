using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace VpcComApi.VirtualMachines.Configuration;

/// <summary>Locks of one byte on Windows. Wine takes the byte on its host's file, too, where programs beside it meet it.</summary>
[SupportedOSPlatform("windows")]
internal static partial class WindowsFileLock
{
    private const uint FailImmediately = 1;
    private const uint ExclusiveLock = 2;
    private const int LockViolation = 33;
    private const int SharingViolation = 32;
    private const int IOPending = 997;

    /// <summary>Opens a lock file, or makes it. While it is open, Windows lets nobody delete it.</summary>
    /// <param name="path">Its full path.</param>
    /// <returns>Null when there can be none.</returns>
    public static SafeFileHandle? TryOpen(string path)
    {
        try
        {
            return File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
        }
        catch (Exception e) when (StorageErrors.IsStorageError(e))
        {
            return null;
        }
    }

    /// <summary>Takes the lock without waiting.</summary>
    /// <param name="file">The open lock file.</param>
    /// <param name="exclusive">Whether nobody else may have it.</param>
    /// <returns>Whether it was free; null when the volume has no locks.</returns>
    public static bool? TryLock(SafeFileHandle file, bool exclusive)
    {
        Overlapped fromTheStart = default;
        return LockFileEx(file, FailImmediately | (exclusive ? ExclusiveLock : 0), 0, 1, 0, ref fromTheStart) ? true
            : Marshal.GetLastPInvokeError() is LockViolation or SharingViolation or IOPending ? false
            : null;
    }

    /// <summary>Whether an open file is still the one at its path: a program beside Wine may have removed it.</summary>
    /// <param name="file">The file.</param>
    /// <param name="path">The path.</param>
    public static bool IsAt(SafeFileHandle file, string path)
    {
        using SafeFileHandle? there = TryOpen(path);
        return there is not null && FileIdentity.Of(there) is var identity && identity == FileIdentity.Of(file);
    }

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool LockFileEx(SafeFileHandle file, uint flags, uint reserved, uint lengthLow, uint lengthHigh, ref Overlapped offset);

    /// <summary>The system's OVERLAPPED: here, where the locked bytes begin.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Overlapped
    {
        public nuint Internal;
        public nuint InternalHigh;
        public uint Offset;
        public uint OffsetHigh;
        public nint Event;
    }
}

using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace VpcComApi.Platform.Windows;

/// <content>The calls on files, folders and volumes.</content>
internal static unsafe partial class Kernel32
{
    public const uint GENERIC_READ = 0x80000000;
    public const uint GENERIC_WRITE = 0x40000000;
    public const uint OPEN_EXISTING = 3;
    public const uint FILE_SHARE_ALL = 7;
    public const uint FILE_FLAG_BACKUP_SEMANTICS = 0x02000000;
    public const uint FILE_TYPE_DISK = 1;

    public const uint LOCKFILE_FAIL_IMMEDIATELY = 1;
    public const uint LOCKFILE_EXCLUSIVE_LOCK = 2;

    public const nint INVALID_HANDLE_VALUE = -1;

    [LibraryImport("kernel32", EntryPoint = "CreateFileW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    public static partial SafeFileHandle CreateFile(
        string path, uint access, uint share, nint security, uint disposition, uint flags, nint template);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool WriteFile(nint file, ref byte buffer, int count, out int written, nint overlapped);

    [LibraryImport("kernel32")]
    public static partial uint GetFileType(SafeFileHandle file);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool GetFileInformationByHandle(SafeFileHandle file, out FileInformation information);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool LockFileEx(
        SafeFileHandle file, uint flags, uint reserved, uint lengthLow, uint lengthHigh, NativeOverlapped* offset);

    [LibraryImport("kernel32", EntryPoint = "FindFirstFileW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    public static partial nint FindFirstFile(string path, Span<byte> found);

    [LibraryImport("kernel32")]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool FindClose(nint search);

    [LibraryImport("kernel32", EntryPoint = "GetDiskFreeSpaceExW", StringMarshalling = StringMarshalling.Utf16, SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool GetDiskFreeSpaceEx(string folder, out ulong available, nint total, nint free);

    /// <summary>An extension of Wine; the caller frees the text with <see cref="HeapFree"/>.</summary>
    [LibraryImport("kernel32", EntryPoint = "wine_get_unix_file_name", StringMarshalling = StringMarshalling.Utf16, SetLastError = true)]
    public static partial nint GetUnixFileName(string path);

    /// <summary>BY_HANDLE_FILE_INFORMATION.</summary>
    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    public struct FileInformation
    {
        public uint Attributes;
        public long CreationTime;
        public long LastAccessTime;
        public long LastWriteTime;
        public uint VolumeSerialNumber;
        public uint SizeHigh;
        public uint SizeLow;
        public uint LinkCount;
        public uint IndexHigh;
        public uint IndexLow;
    }
}

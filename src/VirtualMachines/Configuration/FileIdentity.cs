using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace VpcComApi.VirtualMachines.Configuration;

/// <summary>
/// Tells one file or folder by whatever name it is reached. Windows knows its links, and so does Linux, but Wine shows the host's links as
/// plain folders, in which a search would go round for ever.
/// </summary>
/// <param name="Volume">The volume's serial number.</param>
/// <param name="Index">The file's number on the volume.</param>
internal readonly partial record struct FileIdentity(uint Volume, ulong Index)
{
    private const uint BackupSemantics = 0x02000000;
    private const uint OpenExisting = 3;
    private const uint ShareAll = 7;

    /// <summary>Reads a folder's identity.</summary>
    /// <param name="folder">Its full path.</param>
    /// <returns>Null when the system does not tell, and on systems where nobody need ask.</returns>
    public static FileIdentity? TryRead(string folder) => OperatingSystem.IsWindows() ? TryReadOnWindows(folder) : null;

    /// <summary>Reads an open file's identity.</summary>
    /// <param name="file">The file.</param>
    /// <returns>Null when the system does not tell.</returns>
    [SupportedOSPlatform("windows")]
    public static FileIdentity? Of(SafeFileHandle file) => GetFileInformationByHandle(file, out FileInformation information)
        ? new FileIdentity(information.VolumeSerialNumber, ((ulong)information.IndexHigh << 32) | information.IndexLow)
        : null;

    [SupportedOSPlatform("windows")]
    private static FileIdentity? TryReadOnWindows(string folder)
    {
        using SafeFileHandle handle = CreateFile(folder, 0, ShareAll, 0, OpenExisting, BackupSemantics, 0);
        return handle.IsInvalid ? null : Of(handle);
    }

    [LibraryImport("kernel32", EntryPoint = "CreateFileW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    private static partial SafeFileHandle CreateFile(
        string path, uint access, uint share, nint security, uint disposition, uint flags, nint template);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool GetFileInformationByHandle(SafeFileHandle file, out FileInformation information);

    /// <summary>BY_HANDLE_FILE_INFORMATION.</summary>
    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private struct FileInformation
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

using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace VpcComApi.Platform.Windows;

/// <summary>
/// Identifies a file or folder, by whatever name it is reached. Windows knows its links, and so does Linux, but Wine shows the host's links
/// as plain folders, in which a search would go round for ever.
/// </summary>
/// <param name="Volume">The volume's serial number.</param>
/// <param name="Index">The file's number on the volume.</param>
internal readonly record struct FileIdentity(uint Volume, ulong Index)
{
    /// <summary>Reads a folder's identity.</summary>
    /// <param name="folder">Its full path.</param>
    /// <returns>Null when the system does not say, and on systems where nobody need ask.</returns>
    public static FileIdentity? TryRead(string folder) => OperatingSystem.IsWindows() ? TryReadOnWindows(folder) : null;

    /// <summary>Reads an open file's identity.</summary>
    /// <param name="file">The file.</param>
    /// <returns>Null when the system does not say.</returns>
    [SupportedOSPlatform("windows")]
    public static FileIdentity? Of(SafeFileHandle file) =>
        Kernel32.GetFileInformationByHandle(file, out Kernel32.FileInformation information)
        ? new FileIdentity(information.VolumeSerialNumber, ((ulong)information.IndexHigh << 32) | information.IndexLow)
        : null;

    [SupportedOSPlatform("windows")]
    private static FileIdentity? TryReadOnWindows(string folder)
    {
        using SafeFileHandle handle = Kernel32.CreateFile(
            folder, 0, Kernel32.FILE_SHARE_ALL, 0, Kernel32.OPEN_EXISTING, Kernel32.FILE_FLAG_BACKUP_SEMANTICS, 0);
        return handle.IsInvalid ? null : Of(handle);
    }
}

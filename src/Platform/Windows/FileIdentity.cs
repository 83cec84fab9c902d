using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace VpcComApi.Platform.Windows;

/// <summary>
/// Identifies a file or folder independently of its path. Windows and Linux know their links, but Wine shows links of the host as plain
/// folders, in which a search could go in circles for ever.
/// </summary>
/// <param name="Volume">The volume's serial number.</param>
/// <param name="Index">The file's number on the volume.</param>
internal readonly record struct FileIdentity(uint Volume, ulong Index)
{
    /// <summary>Reads a folder's identity.</summary>
    /// <param name="folder">Its full path.</param>
    /// <returns>Null when it is not available, and on systems where it is not needed.</returns>
    public static FileIdentity? TryRead(string folder) => OperatingSystem.IsWindows() ? TryReadOnWindows(folder) : null;

    /// <summary>Reads an open file's identity.</summary>
    /// <param name="file">The file.</param>
    /// <returns>Null when it is not available.</returns>
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

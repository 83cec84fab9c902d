using System.Security;
using VpcComApi.VirtualMachines.Configuration;

namespace VpcComApi.VirtualMachines.PhysicalHost;

/// <summary>Reads how much room disks have.</summary>
internal static class DiskSpace
{
    /// <summary>How much room a user has on the disk of a folder, in bytes.</summary>
    /// <param name="folder">The folder's full path.</param>
    /// <returns>Null when the system does not tell: the folder is gone, or on a server.</returns>
    public static long? Read(string folder)
    {
        try
        {
            // Windows tells of a drive by its letter, others by any folder on it.
            string? place = OperatingSystem.IsWindows() ? Path.GetPathRoot(folder) : folder;
            return string.IsNullOrEmpty(place) ? null : new DriveInfo(place).AvailableFreeSpace;
        }
        catch (Exception e) when (StorageErrors.IsStorageError(e) || e is ArgumentException or SecurityException)
        {
            return null;
        }
    }
}

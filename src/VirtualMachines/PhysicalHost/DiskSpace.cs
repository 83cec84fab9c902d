using System.Security;
using VpcComApi.VirtualMachines.Configuration;

namespace VpcComApi.VirtualMachines.PhysicalHost;

/// <summary>Reads how much room disks have, where any folder shows its file system.</summary>
internal static class DiskSpace
{
    /// <summary>How much room a user has on the disk of a folder, in bytes.</summary>
    /// <param name="folder">The folder's full path.</param>
    /// <returns>Null when the system does not say: the folder is gone, or on a server.</returns>
    public static long? Read(string folder)
    {
        try
        {
            return new DriveInfo(folder).AvailableFreeSpace;
        }
        catch (Exception e) when (StorageErrors.IsStorageError(e) || e is ArgumentException or SecurityException)
        {
            return null;
        }
    }
}

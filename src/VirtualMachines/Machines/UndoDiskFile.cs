using System.Globalization;
using VpcComApi.VirtualDisks;
using VpcComApi.VirtualMachines.Configuration;
using VpcComApi.VirtualMachines.Disks;

namespace VpcComApi.VirtualMachines.Machines;

/// <summary>The file of an undo disk: its name, and how it is distinguished from another file that a configuration names.</summary>
internal static class UndoDiskFile
{
    private const string Prefix = "VirtualPCUndo";
    private const string Extension = ".vud";

    /// <summary>
    /// A name in the form of Virtual PC: VirtualPCUndo_NAME_BUS_DEVICE_HHMMSSMMDDYYYY.vud, in UTC (https://github.com/libyal/libvhdi).
    /// </summary>
    /// <param name="machine">The machine's name.</param>
    /// <param name="location">The disk's position.</param>
    /// <param name="now">The time.</param>
    public static string NewName(string machine, DriveLocation location, DateTimeOffset now) => string.Create(
        CultureInfo.InvariantCulture, $"{Prefix}_{machine}_{location.Bus}_{location.Device}_{now.UtcDateTime:HHmmssMMddyyyy}{Extension}");

    /// <summary>
    /// Whether the file that a configuration names as a disk's undo disk is one. The configuration may come from anywhere and name any
    /// file, which is not deleted or merged then. It is one when it is a differencing image that was made from the disk at that position;
    /// where that disk cannot be read, one that has the name and the folder of an undo disk.
    /// </summary>
    /// <param name="path">The file's full path.</param>
    /// <param name="diskPath">The full path of the disk at the same position.</param>
    /// <param name="folder">The folder of the machine's files.</param>
    /// <exception cref="VirtualMachineException">
    /// <see cref="VirtualMachineError.SharingViolation"/>: a file is in use and cannot be read.
    /// </exception>
    public static bool IsUndoDisk(string path, string diskPath, string folder)
    {
        if (TryRead(path) is not { Kind: VirtualDiskKind.Differencing } undo)
        {
            return false;
        }

        string name = Path.GetFileName(path);
        return TryRead(diskPath) is { } disk
            ? disk.UniqueId == undo.ParentId
            : DiskPaths.Comparer.Equals(Path.GetDirectoryName(path), folder)
                && name.StartsWith(Prefix + "_", StringComparison.OrdinalIgnoreCase)
                && name.EndsWith(Extension, StringComparison.OrdinalIgnoreCase);
    }

    /// <returns>Null when there is no image that can be read.</returns>
    private static VirtualDiskInfo? TryRead(string path)
    {
        try
        {
            return VirtualDiskInfo.Read(path);
        }
        catch (VirtualDiskException e) when (e.Error == VirtualDiskError.InUse)
        {
            throw new VirtualMachineException(VirtualMachineError.SharingViolation, e.Message, e);
        }
        catch (Exception e) when (e is VirtualDiskException || StorageErrors.IsStorageError(e))
        {
            return null;
        }
    }
}

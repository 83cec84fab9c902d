using VpcComApi.VirtualDisks;
using VpcComApi.VirtualMachines.Configuration;

namespace VpcComApi.VirtualMachines.Disks;

/// <summary>The contract's checks of the paths of images, old and new.</summary>
internal static class DiskPaths
{
    /// <summary>How paths of files compare here.</summary>
    public static StringComparer Comparer { get; } = OperatingSystem.IsWindows()
        ? StringComparer.OrdinalIgnoreCase
        : StringComparer.Ordinal;

    private const string Extension = ".vhd";
    private const string NetworkPrefix = @"\\";

    /// <summary>What must be free on the volume of a new image that grows.</summary>
    private const long NeededByGrowing = 8L << 20;

    private const long Fat16Limit = 2L << 30;
    private const long Fat32Limit = (4L << 30) - 1;

    /// <summary>Checks the path of an image that must be there.</summary>
    /// <param name="path">The path.</param>
    /// <returns>The full path.</returns>
    /// <exception cref="VirtualMachineException">The first refusal: form, folder, file.</exception>
    public static string CheckExisting(string? path)
    {
        string full = PathRules.Check(path ?? string.Empty);
        if (!Directory.Exists(Path.GetDirectoryName(full)))
        {
            throw new VirtualMachineException(
                VirtualMachineError.PathNotFound, $"There is no folder {Path.GetDirectoryName(full)}. Check the path.");
        }

        RequireFile(full);
        return full;
    }

    /// <summary>Refuses a path at which there is no file.</summary>
    /// <param name="path">The full path.</param>
    /// <exception cref="VirtualMachineException"><see cref="VirtualMachineError.FileNotFound"/>.</exception>
    public static void RequireFile(string path)
    {
        if (!File.Exists(path))
        {
            throw new VirtualMachineException(
                VirtualMachineError.FileNotFound,
                Directory.Exists(path)
                    ? $"{path} is a folder. Give the path of a file in it."
                    : $"There is no file {path}. Check the path.");
        }
    }

    /// <summary>Checks the path of a new image and makes its folder.</summary>
    /// <param name="path">The path.</param>
    /// <returns>The full path.</returns>
    /// <exception cref="VirtualMachineException">The first refusal: form, existing file, folder.</exception>
    public static string CheckNew(string? path)
    {
        string full = PathRules.Check(path ?? string.Empty);
        if (File.Exists(full) || Directory.Exists(full))
        {
            throw new VirtualMachineException(
                VirtualMachineError.AlreadyExists, $"There is a file {full} already. Choose another name, or delete it.");
        }

        StorageFolder.Make(Path.GetDirectoryName(full)!);
        return full;
    }

    /// <summary>Refuses a path that does not end in .vhd.</summary>
    /// <param name="path">The path.</param>
    /// <exception cref="VirtualMachineException"><see cref="VirtualMachineError.InvalidArgument"/>.</exception>
    public static void CheckExtension(string? path)
    {
        if (string.IsNullOrEmpty(path) || !path.EndsWith(Extension, StringComparison.OrdinalIgnoreCase))
        {
            throw new VirtualMachineException(
                VirtualMachineError.InvalidArgument, $"'{path}' does not end in {Extension}. Give the new disk such a name.");
        }
    }

    /// <summary>Refuses a volume that cannot hold an image.</summary>
    /// <param name="path">The image's full path; its folder exists.</param>
    /// <param name="fullLength">Bytes of the image when it is fully grown.</param>
    /// <param name="needed">Bytes that it needs at once; by default what one that grows begins with.</param>
    /// <exception cref="VirtualMachineException">
    /// <see cref="VirtualMachineError.InvalidDrive"/>, <see cref="VirtualMachineError.FileTooLargeForVolume"/> or
    /// <see cref="VirtualMachineError.DiskFull"/>.
    /// </exception>
    public static void CheckVolume(string path, long fullLength, long needed = NeededByGrowing)
    {
        if (OperatingSystem.IsWindows() && path.StartsWith(NetworkPrefix, StringComparison.Ordinal))
        {
            // A share does not say what it is; writing to it will show.
            return;
        }

        DriveInfo volume = new(Path.GetDirectoryName(path)!);
        if (volume.DriveType == DriveType.CDRom)
        {
            throw new VirtualMachineException(
                VirtualMachineError.InvalidDrive, $"{volume.Name} is an optical drive; no disk image can be made there.");
        }

        string format = FormatOf(volume);
        long limit = format.ToUpperInvariant() switch
        {
            "FAT" or "FAT16" => Fat16Limit,
            "FAT32" or "MSDOS" or "VFAT" => Fat32Limit,
            _ => long.MaxValue,
        };
        if (fullLength > limit)
        {
            throw new VirtualMachineException(
                VirtualMachineError.FileTooLargeForVolume,
                $"{path} may grow to {fullLength:N0} bytes, and a file on {volume.Name} ({format}) has {limit:N0} at most. "
                    + "Use another volume.");
        }

        if (volume.AvailableFreeSpace < needed)
        {
            throw new VirtualMachineException(
                VirtualMachineError.DiskFull,
                $"{path} needs {needed >> 20:N0} MB, and {volume.Name} has {volume.AvailableFreeSpace >> 20:N0} MB free. Make room.");
        }
    }

    /// <summary>Bytes of a fixed image, and nearly those of one that has fully grown.</summary>
    /// <param name="size">The disk's size.</param>
    public static long FullLength(long size) => size + VirtualDiskLimits.SectorSize;

    private static string FormatOf(DriveInfo volume)
    {
        try
        {
            return volume.DriveFormat;
        }
        catch (DriveNotFoundException)
        {
            // A volume that is mounted for other processes, and reached through theirs, is in no list here. Writing to it will show what it
            // cannot do.
            return string.Empty;
        }
    }
}

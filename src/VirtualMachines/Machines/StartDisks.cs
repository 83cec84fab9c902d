using VpcComApi.VirtualMachines.Disks;
using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.VirtualMachines.Machines;

/// <summary>The disks of a start.</summary>
/// <param name="Disks">What the provider gets.</param>
/// <param name="UndoDisksToMake">Undo disks that are not there yet: where, their path, and the disk that they build on.</param>
/// <param name="Lease">The right to use them all; held until the machine has ended.</param>
internal sealed record StartDisks(
    IReadOnlyList<MachineHardDisk> Disks, IReadOnlyList<(DriveLocation Location, string Path, string Disk)> UndoDisksToMake,
    IDisposable Lease)
{
    /// <summary>The folders of the images that are written.</summary>
    public IReadOnlyCollection<string> Folders { get; } = [.. Disks.Select(
        disk => Path.GetDirectoryName(disk.Image)!).Distinct(DiskPaths.Comparer)];
}

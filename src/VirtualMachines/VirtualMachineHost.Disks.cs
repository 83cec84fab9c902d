using VpcComApi.VirtualDisks;
using VpcComApi.VirtualDisks.Media;
using VpcComApi.VirtualMachines.Disks;
using VpcComApi.VirtualMachines.Tasks;

namespace VpcComApi.VirtualMachines;

/// <content>Disk images: making them, and finding the object of a file.</content>
public sealed partial class VirtualMachineHost
{
    /// <summary>The hard disks and who is using them.</summary>
    internal HardDiskList Disks { get; }

    /// <summary>Makes a hard disk whose file grows with what is written.</summary>
    /// <param name="path">The new file; its folder is made when it is missing.</param>
    /// <param name="megabytes">The disk's size, 3 to 2,088,960 MB.</param>
    /// <exception cref="VirtualMachineException">The first refusal: size, path, volume.</exception>
    public MachineTask CreateDynamicVirtualHardDisk(string? path, int megabytes) => Disks.Create(path, megabytes, VirtualDiskKind.Dynamic);

    /// <summary>Makes a hard disk whose file has room for all of it.</summary>
    /// <param name="path">The new file; its folder is made when it is missing.</param>
    /// <param name="megabytes">The disk's size, 3 to 2,088,960 MB.</param>
    /// <exception cref="VirtualMachineException">The first refusal: size, path, volume.</exception>
    public MachineTask CreateFixedVirtualHardDisk(string? path, int megabytes) => Disks.Create(path, megabytes, VirtualDiskKind.FixedSize);

    /// <summary>
    /// Makes a hard disk that keeps what differs from another. One of the two paths may be relative to the other's folder.
    /// </summary>
    /// <param name="path">The new file; its folder is made when it is missing.</param>
    /// <param name="parentPath">The other disk.</param>
    /// <exception cref="VirtualMachineException">The first refusal: paths, parent, volume.</exception>
    public MachineTask CreateDifferencingVirtualHardDisk(string? path, string? parentPath) => Disks.CreateDifferencing(path, parentPath);

    /// <summary>The object of a hard disk's file. What is in the file is not looked at.</summary>
    /// <param name="path">The full path.</param>
    /// <exception cref="VirtualMachineException">The path is bad, or there is no such file.</exception>
    public HardDisk GetHardDisk(string? path) => Disks.Get(DiskPaths.CheckExisting(path));

    /// <summary>Looks at a hard disk and all that is below it. Needs no catalogue, changes nothing and takes nothing.</summary>
    /// <param name="path">The disk's path.</param>
    /// <exception cref="VirtualMachineException">
    /// The file cannot be read, or is no virtual hard disk. What is wrong below it stands in the report.
    /// </exception>
    public static VirtualDiskReport InspectHardDisk(string path)
    {
        string full = Path.GetFullPath(path);
        DiskPaths.RequireFile(full);
        return DiskErrors.Run($"The disk {full} could not be read", () => VirtualDiskReport.Read(full));
    }

    /// <summary>Makes the image of an empty, formatted floppy disk.</summary>
    /// <param name="path">The new file; its folder is made when it is missing.</param>
    /// <param name="kind">720 KB or 1.44 MB.</param>
    /// <exception cref="VirtualMachineException">Another kind, or the first refusal of the path or the volume.</exception>
    public void CreateFloppyDiskImage(string? path, FloppyImageKind kind)
    {
        DemandOpen();
        if (kind is not (FloppyImageKind.LowDensity or FloppyImageKind.HighDensity))
        {
            throw new VirtualMachineException(
                VirtualMachineError.InvalidArgument, $"Floppy disks of the type {(int)kind} are not made. Use 1 (720 KB) or 2 (1.44 MB).");
        }

        string full = DiskPaths.CheckNew(path);
        DiskErrors.Run($"The floppy disk {full} could not be made", () => FloppyImage.Create(full, kind));
    }

    /// <summary>What kind of floppy disk a file is an image of.</summary>
    /// <param name="path">The full path.</param>
    /// <exception cref="VirtualMachineException">
    /// The path is bad, there is no such file, or <see cref="VirtualMachineError.NotAFloppyImage"/>.
    /// </exception>
    public FloppyImageKind GetFloppyDiskImageType(string? path)
    {
        DemandOpen();
        string full = DiskPaths.CheckExisting(path);
        FloppyImageKind kind = DiskErrors.Run($"The image {full} could not be looked at", () => FloppyImage.KindOf(full));
        return kind != FloppyImageKind.Unknown
            ? kind
            : throw new VirtualMachineException(
                VirtualMachineError.NotAFloppyImage, $"{full} is no image of a floppy disk: no floppy disk has that many bytes.");
    }
}

using VpcComApi.VirtualDisks;
using VpcComApi.VirtualMachines.Tasks;

namespace VpcComApi.VirtualMachines.Disks;

/// <summary>One virtual hard disk file. It need not be valid: what reads or changes the file says so.</summary>
public sealed class HardDisk
{
    private readonly VirtualMachineHost host;

    internal HardDisk(VirtualMachineHost host, string path)
    {
        this.host = host;
        File = path;
    }

    /// <summary>The full path.</summary>
    public string File { get; }

    /// <summary>How the disk keeps its content.</summary>
    /// <exception cref="VirtualMachineException">The file is gone, is no virtual hard disk, or cannot be read now.</exception>
    public VirtualDiskKind Kind => Info.Kind;

    /// <summary>The disk's size in bytes, as a guest sees it.</summary>
    /// <exception cref="VirtualMachineException">The file is gone, is no virtual hard disk, or cannot be read now.</exception>
    public long SizeInGuest => Info.Size;

    /// <summary>The file's length in bytes.</summary>
    /// <exception cref="VirtualMachineException">The file is gone.</exception>
    public long SizeOnHost => DiskErrors.Run($"The disk {File} could not be looked at", () => new FileInfo(File).Length);

    /// <summary>What is free on the file's volume, in bytes.</summary>
    /// <exception cref="VirtualMachineException">
    /// <see cref="VirtualMachineError.BadPathName"/>: there is no such volume or folder.
    /// </exception>
    public long HostFreeDiskSpace
    {
        get
        {
            string folder = Path.GetDirectoryName(File)!;
            return Directory.Exists(folder) && host.Computer.ReadFreeBytes(folder) is { } free
                ? free
                : throw new VirtualMachineException(
                    VirtualMachineError.BadPathName, $"The volume of {folder} does not answer. Check where the disk is.");
        }
    }

    /// <summary>
    /// The disk that a differencing disk builds on; null for the other kinds. Set to repair the link: only the disk it was made from will
    /// do.
    /// </summary>
    /// <exception cref="VirtualMachineException">
    /// A file is gone or damaged, the parent is another disk (<see cref="VirtualMachineError.ParentMismatch"/>), or the disk is in use.
    /// </exception>
    public HardDisk? Parent
    {
        get
        {
            VirtualDiskInfo info = Info;
            return info.Kind == VirtualDiskKind.Differencing
                ? host.Disks.Get(DiskErrors.Run($"The parent of {File} could not be read", info.FindParent, DiskErrors.ReadingErrorOf))
                : null;
        }

        set
        {
            if (value is null)
            {
                throw new VirtualMachineException(VirtualMachineError.MissingArgument, $"No parent was given for the disk {File}.");
            }

            DiskPaths.CheckExisting(value.File);
            using IDisposable lease = host.Disks.Take([File], [value.File]);
            DiskErrors.Run(
                $"The parent of {File} could not be set", () => ParentRepair.SetParent(File, value.File), DiskErrors.ReadingErrorOf);
        }
    }

    private VirtualDiskInfo Info =>
        DiskErrors.Run($"The disk {File} could not be read", () => VirtualDiskInfo.Read(File), DiskErrors.ReadingErrorOf);

    /// <summary>Writes a differencing disk's content into its parent. The disk itself stays.</summary>
    /// <exception cref="VirtualMachineException">
    /// Refused: not a differencing disk, its parent is missing or read-only, or a disk is in use.
    /// </exception>
    public MachineTask Merge()
    {
        DiskPaths.CheckExisting(File);
        VirtualDiskInfo info = OperationInfo();
        if (info.Kind != VirtualDiskKind.Differencing)
        {
            throw WrongKind("merged into a parent; only a differencing disk can");
        }

        string parent = DiskErrors.Run($"The parent of {File} could not be read", info.FindParent);
        if (new FileInfo(parent).IsReadOnly)
        {
            throw new VirtualMachineException(
                VirtualMachineError.FileReadOnly,
                $"The parent {parent} is read-only. Write both into a new disk, or take the attribute away.")
            {
                Remedy = new Remedy(RemedyAction.CopyToNewDisk, File),
            };
        }

        return host.Disks.StartOperation(
            $"Merging {File} into its parent", [File, parent], [], (progress, token) => DiskMerge.IntoParent(File, progress, token));
    }

    /// <summary>Writes the content of a chain into a new disk.</summary>
    /// <param name="path">The new disk; its folder is made.</param>
    /// <param name="kind">Dynamic or fixed.</param>
    /// <exception cref="VirtualMachineException">
    /// Refused: not a differencing disk, a wrong kind, a bad path, or a disk is in use.
    /// </exception>
    public MachineTask MergeTo(string? path, VirtualDiskKind kind)
    {
        if (string.IsNullOrEmpty(path))
        {
            throw new VirtualMachineException(
                VirtualMachineError.InvalidArgument, $"No path was given for the disk that {File} shall be merged to.");
        }

        DiskPaths.CheckExisting(File);
        return OperationInfo().Kind == VirtualDiskKind.Differencing
            ? Copy($"Merging {File} to {path}", path, kind)
            : throw WrongKind("merged; only a differencing disk can");
    }

    /// <summary>Takes blocks of zeros out of a dynamic disk's file. Needs room for the smaller file beside the old one.</summary>
    /// <exception cref="VirtualMachineException">Refused: not a dynamic disk, damaged, read-only, or in use.</exception>
    public MachineTask Compact()
    {
        DiskPaths.CheckExisting(File);
        if (OperationInfo().Kind != VirtualDiskKind.Dynamic)
        {
            throw WrongKind("compacted; only a dynamic disk can");
        }

        if (new FileInfo(File).IsReadOnly)
        {
            throw new VirtualMachineException(VirtualMachineError.FileReadOnly, $"The disk {File} is read-only. Take the attribute away.");
        }

        return host.Disks.StartOperation(
            $"Compacting {File}", [File], [], (progress, token) => DiskCompaction.Compact(File, progress, token));
    }

    /// <summary>Writes the content into a new disk of another kind. The disk itself stays.</summary>
    /// <param name="path">The new disk, which ends in .vhd; its folder is made.</param>
    /// <param name="kind">Dynamic or fixed.</param>
    /// <exception cref="VirtualMachineException">Refused: a wrong kind, a bad path, damaged, or a disk is in use.</exception>
    public MachineTask Convert(string? path, VirtualDiskKind kind)
    {
        DiskPaths.CheckExtension(path);
        DiskPaths.CheckExisting(File);
        return Copy($"Converting {File} to {path}", path!, kind);
    }

    private MachineTask Copy(string description, string path, VirtualDiskKind kind)
    {
        if (kind is not (VirtualDiskKind.Dynamic or VirtualDiskKind.FixedSize))
        {
            throw new VirtualMachineException(
                VirtualMachineError.WrongDiskKind, "A new disk that holds everything is dynamic (0) or fixed (1).");
        }

        VirtualDiskInfo info = OperationInfo();
        string full = DiskPaths.CheckNew(path);
        long length = DiskPaths.FullLength(info.Size);
        DiskErrors.Run(
            $"The volume of {full} could not be looked at",
            () =>
            {
                if (kind == VirtualDiskKind.FixedSize)
                {
                    DiskPaths.CheckVolume(full, length, length);
                }
                else
                {
                    DiskPaths.CheckVolume(full, length);
                }
            });
        return host.Disks.StartOperation(
            description, [full], HardDiskList.ChainOf(File), (progress, token) => DiskCopy.ToNewImage(File, full, kind, progress, token));
    }

    private VirtualDiskInfo OperationInfo() => DiskErrors.Run($"The disk {File} could not be read", () => VirtualDiskInfo.Read(File));

    private VirtualMachineException WrongKind(string cannot) =>
        new(VirtualMachineError.WrongDiskKind, $"The disk {File} cannot be {cannot}.");
}

using System.Runtime.InteropServices.Marshalling;
using VpcComApi.ComServer.Activation;
using VpcComApi.ComServer.Automation;
using VpcComApi.Interop;
using VpcComApi.VirtualDisks;
using VpcComApi.VirtualMachines.Disks;

namespace VpcComApi.ComServer.Adapters;

/// <summary>VMHardDisk: a virtual hard disk's file.</summary>
/// <param name="application">The domain and the machinery.</param>
/// <param name="disk">The disk.</param>
[GeneratedComClass]
internal sealed partial class HardDiskAdapter(
    Application application, HardDisk disk) : VMHardDiskBase(application.Dispatcher), IDescribedObject
{
    /// <summary>The disk.</summary>
    public HardDisk Disk => disk;

    /// <inheritdoc/>
    public ExternalConnections Connections { get; } = new(application.Served);

    /// <inheritdoc/>
    public ServedClass Class => application.ClassOf(Clsids.VMHardDisk);

    /// <inheritdoc/>
    public override IVMTask Merge() => application.AdapterOf(disk.Merge());

    /// <inheritdoc/>
    public override IVMTask MergeTo(string? newDiskImagePath, VMHardDiskType newDiskImageType) =>
        application.AdapterOf(disk.MergeTo(newDiskImagePath, (VirtualDiskKind)newDiskImageType));

    /// <inheritdoc/>
    public override IVMTask Compact() => application.AdapterOf(disk.Compact());

    /// <inheritdoc/>
    public override IVMTask Convert(string? convertedDiskImagePath, VMHardDiskType convertedDiskImageType) =>
        application.AdapterOf(disk.Convert(convertedDiskImagePath, (VirtualDiskKind)convertedDiskImageType));

    /// <inheritdoc/>
    public override string get_File() => disk.File;

    /// <inheritdoc/>
    public override VMHardDiskType get_Type() => (VMHardDiskType)disk.Kind;

    /// <inheritdoc/>
    public override object? get_SizeInGuest() => (decimal)disk.SizeInGuest;

    /// <inheritdoc/>
    public override object? get_SizeOnHost() => (decimal)disk.SizeOnHost;

    /// <inheritdoc/>
    public override object? get_HostFreeDiskSpace() => (decimal)disk.HostFreeDiskSpace;

    /// <inheritdoc/>
    public override int get_Parent(out IVMHardDisk? parent)
    {
        HardDisk? found = disk.Parent;
        parent = found is null ? null : application.AdapterOf(found);
        return found is null ? HResults.S_FALSE : HResults.S_OK;
    }

    /// <inheritdoc/>
    public override int put_Parent(IVMHardDisk? parent)
    {
        disk.Parent = Arguments.RequireHardDisk(parent, "Parent");
        return HResults.S_OK;
    }
}

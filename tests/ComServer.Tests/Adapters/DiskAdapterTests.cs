using Moq;
using VpcComApi.ComServer.Adapters;
using VpcComApi.ComServer.Automation;
using VpcComApi.ComServer.Tests.Automation;
using VpcComApi.Interop;
using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines;
using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.ComServer.Tests.Adapters;

/// <summary>Disks and drives as the COM stubs see them, over the real domain. No machine is started.</summary>
[TestFixture]
internal sealed class DiskAdapterTests
{
    private ServedDomain domain = null!;
    private VirtualPCAdapter application = null!;
    private IVMVirtualMachine machine = null!;

    [SetUp]
    public void Open_the_application()
    {
        domain = new ServedDomain(Mock.Of<IMachineProvider>(provider => provider.Name == "emulated"));
        application = domain.Application;
        machine = domain.Machine;
    }

    [TearDown]
    public async Task Close_the_application() => await domain.DisposeAsync();

    [Test]
    public void Sizes_are_decimals_and_a_disk_without_a_parent_is_S_FALSE()
    {
        string path = MakeDisk("disk.vhd");
        IVMHardDisk disk = application.GetHardDisk(path);

        int result = disk.get_Parent(out IVMHardDisk? parent);

        Assert.That(disk.get_SizeInGuest(), Is.EqualTo(5m * 1024 * 1024).And.TypeOf<decimal>());
        Assert.That(disk.get_SizeOnHost(), Is.TypeOf<decimal>());
        Assert.That(disk.get_HostFreeDiskSpace(), Is.TypeOf<decimal>());
        Assert.That(disk.get_Type(), Is.EqualTo(VMHardDiskType.vmDiskType_Dynamic));
        Assert.That(disk.get_File(), Is.EqualTo(path));
        Assert.That(result, Is.EqualTo(HResults.S_FALSE));
        Assert.That(parent, Is.Null);
        Assert.That(application.GetHardDisk(path), Is.SameAs(disk));
    }

    [Test]
    public void A_childs_parent_is_the_parents_own_object()
    {
        string path = MakeDisk("disk.vhd");
        Finish(application.CreateDifferencingVirtualHardDisk(domain.Folder.PathOf("child.vhd"), path));
        IVMHardDisk child = application.GetHardDisk(domain.Folder.PathOf("child.vhd"));

        Assert.That(child.get_Parent(out IVMHardDisk? parent), Is.EqualTo(HResults.S_OK));
        Assert.That(parent, Is.SameAs(application.GetHardDisk(path)));
        Assert.That(child.put_Parent(parent), Is.EqualTo(HResults.S_OK));
        Assert.That(() => child.put_Parent(null), Refusals.With(VirtualMachineError.MissingArgument));
        Assert.That(() => child.put_Parent(Mock.Of<IVMHardDisk>()), Refusals.With(VirtualMachineError.InvalidArgument));
    }

    [Test]
    public void Connections_and_drives_are_the_same_objects_in_every_collection()
    {
        IVMHardDiskConnection connection = machine.AddHardDiskConnection(MakeDisk("disk.vhd"), 0, 1);
        IVMHardDiskConnectionCollection connections = machine.get_HardDiskConnections();

        Assert.That(connections.get_Count(), Is.EqualTo(1));
        Assert.That(connections.get_Item(1), Is.SameAs(connection));
        Assert.That(() => connections.get_Item(0), Refusals.With(VirtualMachineError.BadIndex));
        Assert.That(connection.get_BusNumber(), Is.Zero);
        Assert.That(connection.get_DeviceNumber(), Is.EqualTo(1));
        IVMDVDDrive dvdDrive = machine.get_DVDROMDrives().get_Item(1);
        IVMFloppyDrive floppyDrive = machine.get_FloppyDrives().get_Item(1);
        Assert.That(machine.get_DVDROMDrives().get_Item(1), Is.SameAs(dvdDrive));
        Assert.That(machine.get_FloppyDrives().get_Item(1), Is.SameAs(floppyDrive));
        Assert.That(machine.get_AttachedDriveTypes(), Is.EqualTo(new byte[] { 0, 1, 2, 0 }).And.TypeOf<byte[]>());
        machine.RemoveHardDiskConnection(connection);
        Assert.That(() => machine.RemoveHardDiskConnection(connection), Refusals.With(VirtualMachineError.DriveInvalid));
        Assert.That(() => machine.RemoveHardDiskConnection(null), Refusals.With(VirtualMachineError.MissingArgument));
        Assert.That(() => machine.RemoveDVDROMDrive(null), Refusals.With(VirtualMachineError.MissingArgument));
    }

    [Test]
    public void A_NULL_path_is_missing_to_the_application_and_invalid_to_a_machine()
    {
        Assert.That(() => application.CreateDynamicVirtualHardDisk(null, 5), Refusals.With(VirtualMachineError.MissingArgument));
        Assert.That(() => application.CreateFixedVirtualHardDisk(null, 5), Refusals.With(VirtualMachineError.MissingArgument));
        Assert.That(() => application.CreateDifferencingVirtualHardDisk(null, "x"), Refusals.With(VirtualMachineError.MissingArgument));
        Assert.That(() => application.GetHardDisk(null), Refusals.With(VirtualMachineError.MissingArgument));
        Assert.That(
            () => application.CreateFloppyDiskImage(null, VMFloppyDiskImageType.vmFloppyDiskImage_LowDensity),
            Refusals.With(VirtualMachineError.MissingArgument));
        Assert.That(() => application.GetFloppyDiskImageType(null), Refusals.With(VirtualMachineError.MissingArgument));
        Assert.That(() => machine.AddHardDiskConnection(null, 0, 0), Refusals.With(VirtualMachineError.InvalidArgument));
    }

    [Test]
    public async Task A_floppy_drive_notifies_its_sinks_of_inserted_and_removed_disks()
    {
        List<int> heard = [];
        using FakeDispatch client = new(dispId =>
        {
            lock (heard)
            {
                heard.Add(dispId);
            }

            return 0;
        });
        string path = domain.Folder.PathOf("floppy.vfd");
        application.CreateFloppyDiskImage(path, VMFloppyDiskImageType.vmFloppyDiskImage_LowDensity);
        IVMFloppyDrive drive = machine.get_FloppyDrives().get_Item(1);
        ((IEventSource)drive).Events.Advise(client.Address, out uint cookie);

        drive.AttachImage(path);
        drive.ReleaseImage();

        await Wait.UntilAsync(() => Heard() == "1,2", "OnMediaInsert and OnMediaEject");
        ((IEventSource)drive).Events.Unadvise(cookie);
        Assert.That(drive.get_ImageFile(), Is.Empty);
        Assert.That(drive.get_HostDriveLetter(), Is.Empty);
        Assert.That(drive.get_Attachment(), Is.EqualTo(VMFloppyDriveAttachmentType.vmFloppyDrive_None));

        string Heard()
        {
            lock (heard)
            {
                return string.Join(',', heard);
            }
        }
    }

    private static void Finish(IVMTask task)
    {
        task.WaitForCompletion(60_000);
        Assert.That(task.get_Error(), Is.Zero, task.get_ErrorDescription());
    }

    private string MakeDisk(string name)
    {
        Finish(application.CreateDynamicVirtualHardDisk(domain.Folder.PathOf(name), 5));
        return domain.Folder.PathOf(name);
    }
}

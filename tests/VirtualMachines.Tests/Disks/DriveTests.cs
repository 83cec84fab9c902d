using System.Buffers.Binary;
using VpcComApi.VirtualDisks.Media;
using VpcComApi.VirtualMachines.Disks;
using VpcComApi.VirtualMachines.Machines;

namespace VpcComApi.VirtualMachines.Tests.Disks;

/// <summary>Drives of a machine: where they are connected, what is in them, and how the .vmc file stores it.</summary>
[TestFixture]
internal sealed class DriveTests
{
    private const string Ide = "hardware/pci_bus/ide_adapter/ide_controller";

    [Test]
    public async Task A_hard_disk_is_stored_in_the_configuration_as_Virtual_PC_wrote_it()
    {
        await using HostFixture fixture = new();
        VirtualMachine machine = fixture.Machine;
        string path = await MakeDiskAsync(fixture, "disk.vhd");

        HardDiskConnection connection = machine.AddHardDiskConnection(path, 0, 1);

        Assert.That(machine.ConfigurationValues.GetValue($"{Ide}[@id=0]/location[@id=1]/drive_type"), Is.EqualTo(1));
        Assert.That(machine.ConfigurationValues.GetValue($"{Ide}[@id=0]/location[@id=1]/pathname/absolute"), Is.EqualTo(path));
        Assert.That(machine.ConfigurationValues.GetValue($"{Ide}[@id=0]/location[@id=1]/pathname/relative"), Is.EqualTo(@"..\disk.vhd"));
        Assert.That(connection.Location, Is.EqualTo(new DriveLocation(0, 1)));
        Assert.That(connection.HardDisk, Is.SameAs(fixture.Host.GetHardDisk(path)));
        Assert.That(machine.HardDiskConnections, Is.EqualTo(new[] { connection }));
        Assert.That(
            machine.AttachedDriveTypes,
            Is.EqualTo(new[] { MachineDriveType.None, MachineDriveType.HardDisk, MachineDriveType.Dvd, MachineDriveType.None }));
    }

    [Test]
    public async Task A_connection_moves_and_goes_and_stays_the_same_object()
    {
        await using HostFixture fixture = new();
        VirtualMachine machine = fixture.Machine;
        HardDiskConnection connection = machine.AddHardDiskConnection(await MakeDiskAsync(fixture, "disk.vhd"), 0, 0);

        connection.SetBusLocation(1, 1);
        Assert.That(machine.HardDiskConnections, Is.EqualTo(new[] { connection }));
        Assert.That(connection.Location, Is.EqualTo(new DriveLocation(1, 1)));
        Assert.That(() => connection.SetBusLocation(1, 0), Refusals.With(VirtualMachineError.DriveLocationInUse));
        Assert.That(() => connection.SetBusLocation(2, 0), Refusals.With(VirtualMachineError.InvalidArgument));
        Assert.That(() => connection.UndoHardDisk, Refusals.With(VirtualMachineError.FileNotFound));

        machine.RemoveHardDiskConnection(connection);
        Assert.That(machine.HardDiskConnections, Is.Empty);
        Assert.That(() => connection.Location, Refusals.With(VirtualMachineError.DriveInvalid));
        Assert.That(() => connection.HardDisk, Refusals.With(VirtualMachineError.DriveInvalid));
        Assert.That(() => machine.RemoveHardDiskConnection(connection), Refusals.With(VirtualMachineError.DriveInvalid));
    }

    [Test]
    public async Task A_disk_that_cannot_be_connected_is_refused()
    {
        await using HostFixture fixture = new();
        VirtualMachine machine = fixture.Machine;
        string path = await MakeDiskAsync(fixture, "disk.vhd");
        string large = Path.Combine(fixture.Folder, "large.vhd");
        await HostFixture.SucceedAsync(fixture.Host.CreateDynamicVirtualHardDisk(large, (127 * 1024) + 1));
        machine.AddHardDiskConnection(path, 0, 0);
        string linked = MakeLinkedDisk(path);

        Assert.That(() => machine.AddHardDiskConnection(linked, 0, 1), Refusals.With(VirtualMachineError.UnsupportedDiskKind));
        Assert.That(() => fixture.Host.GetHardDisk(linked).Kind, Refusals.With(VirtualMachineError.DriveInvalid));
        Assert.That(() => machine.AddHardDiskConnection(null, 0, 1), Refusals.With(VirtualMachineError.InvalidArgument));
        Assert.That(() => machine.AddHardDiskConnection(path, 2, 0), Refusals.With(VirtualMachineError.InvalidArgument));
        Assert.That(() => machine.AddHardDiskConnection(path, 0, -1), Refusals.With(VirtualMachineError.InvalidArgument));
        Assert.That(() => machine.AddHardDiskConnection(path, 0, 1), Refusals.With(VirtualMachineError.SharingViolation));
        Assert.That(
            () => machine.AddHardDiskConnection(path, 1, 0),
            Refusals.With(VirtualMachineError.DriveLocationInUse),
            "the DVD drive is there");
        Assert.That(() => machine.AddHardDiskConnection(large, 0, 1), Refusals.With(VirtualMachineError.InvalidDiskFile));
        Assert.That(() => machine.AddHardDiskConnection(path + "x", 0, 1), Refusals.With(VirtualMachineError.FileNotFound));
        Assert.That(() => machine.AddHardDiskConnection("relative", 0, 1), Refusals.With(VirtualMachineError.BadPathName));
    }

    [Test]
    public async Task A_machine_that_is_moved_with_its_disks_finds_them_by_the_relative_path()
    {
        await using HostFixture fixture = new();
        string folder = Path.Combine(fixture.Folder, "here");
        VirtualMachine machine = fixture.Host.CreateVirtualMachine("Moving", folder);
        string path = Path.Combine(folder, "disk.vhd");
        await HostFixture.SucceedAsync(fixture.Host.CreateDynamicVirtualHardDisk(path, 3));
        machine.AddHardDiskConnection(path, 0, 0);
        fixture.Host.UnregisterVirtualMachine(machine);
        string moved = Path.Combine(fixture.Folder, "there");
        Directory.Move(folder, moved);

        VirtualMachine again = fixture.Host.RegisterVirtualMachine("Moving", moved);

        Assert.That(again.HardDiskConnections[0].HardDisk.File, Is.EqualTo(Path.Combine(moved, "disk.vhd")));
    }

    [Test]
    public async Task Discs_are_inserted_into_and_removed_from_a_DVD_drive_and_it_is_reported()
    {
        await using HostFixture fixture = new();
        DvdDrive drive = fixture.Machine.DvdDrives[0];
        MediaRecorder told = new(drive);
        string disc = MakeDisc(fixture);

        Assert.That(drive.Attachment, Is.EqualTo(MediaAttachment.None));
        Assert.That(() => drive.ImageFile, Refusals.With(VirtualMachineError.MediaWrongType));
        Assert.That(() => drive.ReleaseImage(), Refusals.With(VirtualMachineError.MediaWrongType));
        drive.AttachImage(disc);
        Assert.That(drive.Attachment, Is.EqualTo(MediaAttachment.Image));
        Assert.That(drive.ImageFile, Is.EqualTo(disc));
        Assert.That(() => drive.HostDrive, Refusals.With(VirtualMachineError.MediaWrongType));
        Assert.That(() => drive.AttachImage(disc), Refusals.With(VirtualMachineError.DriveInUse));
        Assert.That(() => drive.ReleaseHostDrive(), Refusals.With(VirtualMachineError.MediaWrongType));
        drive.ReleaseImage();
        Assert.That(() => drive.AttachImage(fixture.Folder), Refusals.With(VirtualMachineError.InvalidArgument));
        Assert.That(() => drive.AttachImage(fixture.Machine.ConfigurationFile), Refusals.With(VirtualMachineError.InvalidArgument));
        Assert.That(() => drive.AttachImage(disc + "x"), Refusals.With(VirtualMachineError.FileNotFound));

        await told.WaitForAsync($"+{disc},-{disc}");
    }

    [Test]
    public async Task A_drive_of_the_host_belongs_to_one_machine()
    {
        await using HostFixture fixture = new();
        fixture.Computer.DvdDrives = ["D:"];
        DvdDrive drive = fixture.Machine.DvdDrives[0];
        DvdDrive other = fixture.Host.CreateVirtualMachine("Other", Path.Combine(fixture.Folder, "other")).DvdDrives[0];

        drive.AttachHostDrive(@"d:\");

        Assert.That(drive.Attachment, Is.EqualTo(MediaAttachment.HostDrive));
        Assert.That(drive.HostDrive, Is.EqualTo("D"));
        Assert.That(() => other.AttachHostDrive("D"), Refusals.With(VirtualMachineError.DriveInUse));
        Assert.That(() => other.AttachHostDrive("Q"), Refusals.With(VirtualMachineError.InvalidArgument));
        Assert.That(() => other.AttachHostDrive(null), Refusals.With(VirtualMachineError.InvalidArgument));
        drive.ReleaseHostDrive();
        other.AttachHostDrive("D:");
        Assert.That(other.HostDrive, Is.EqualTo("D"));
    }

    [Test]
    public async Task DVD_drives_come_and_go_like_disks()
    {
        await using HostFixture fixture = new();
        VirtualMachine machine = fixture.Machine;
        DvdDrive drive = machine.AddDvdDrive(0, 1);

        Assert.That(machine.DvdDrives, Has.Count.EqualTo(2));
        Assert.That(machine.DvdDrives[0], Is.SameAs(drive));
        Assert.That(() => machine.AddDvdDrive(0, 1), Refusals.With(VirtualMachineError.DriveLocationInUse));
        drive.SetBusLocation(1, 1);
        Assert.That(machine.DvdDrives[1], Is.SameAs(drive));
        machine.RemoveDvdDrive(drive);
        Assert.That(() => drive.Attachment, Refusals.With(VirtualMachineError.DriveInvalid));
        Assert.That(() => machine.RemoveDvdDrive(drive), Refusals.With(VirtualMachineError.DriveInvalid));
    }

    [Test]
    public async Task Floppies_are_made_and_put_in_and_taken_out()
    {
        await using HostFixture fixture = new();
        fixture.Computer.FloppyDrives = ["A:"];
        FloppyDrive drive = fixture.Machine.FloppyDrives[0];
        MediaRecorder told = new(drive);
        string floppy = Path.Combine(fixture.Folder, "disks", "floppy.vfd");
        fixture.Host.CreateFloppyDiskImage(floppy, FloppyImageKind.HighDensity);

        Assert.That(fixture.Host.GetFloppyDiskImageType(floppy), Is.EqualTo(FloppyImageKind.HighDensity));
        Assert.That(fixture.Machine.FloppyDrives, Is.EqualTo(new[] { drive }));
        Assert.That(drive.ImageFile, Is.Empty);
        Assert.That(() => drive.ReleaseImage(), Refusals.With(VirtualMachineError.NoMediaCaptured));
        drive.AttachImage(floppy);
        Assert.That(drive.ImageFile, Is.EqualTo(floppy));
        Assert.That(fixture.Machine.ConfigurationValues.GetValue("hardware/super_io/floppy[@id=0]/pathname/absolute"), Is.EqualTo(floppy));
        Assert.That(() => drive.ReleaseHostDrive(), Refusals.With(VirtualMachineError.MediaWrongType));
        drive.AttachHostDrive("a");
        Assert.That(drive.HostDrive, Is.EqualTo("A"));
        Assert.That(() => drive.ReleaseImage(), Refusals.With(VirtualMachineError.MediaWrongType));
        drive.ReleaseHostDrive();
        Assert.That(drive.Attachment, Is.EqualTo(MediaAttachment.None));

        await told.WaitForAsync($"+{floppy},-{floppy},+A,-A");
    }

    [Test]
    public async Task What_is_no_floppy_is_refused()
    {
        await using HostFixture fixture = new();
        FloppyDrive drive = fixture.Machine.FloppyDrives[0];
        string vmc = fixture.Machine.ConfigurationFile;
        string path = Path.Combine(fixture.Folder, "x.vfd");

        Assert.That(() => drive.AttachImage(vmc), Refusals.With(VirtualMachineError.ImageCaptureFailed));
        Assert.That(() => drive.AttachImage(path), Refusals.With(VirtualMachineError.ImageCaptureFailed));
        Assert.That(() => drive.AttachImage("relative"), Refusals.With(VirtualMachineError.BadPathName));
        Assert.That(() => drive.AttachHostDrive("C"), Refusals.With(VirtualMachineError.InvalidArgument));
        Assert.That(() => fixture.Host.GetFloppyDiskImageType(vmc), Refusals.With(VirtualMachineError.NotAFloppyImage));
        Assert.That(() => fixture.Host.GetFloppyDiskImageType(path), Refusals.With(VirtualMachineError.FileNotFound));
        Assert.That(
            () => fixture.Host.CreateFloppyDiskImage(path, FloppyImageKind.MediumDensity),
            Refusals.With(VirtualMachineError.InvalidArgument));
        Assert.That(
            () => fixture.Host.CreateFloppyDiskImage(vmc, FloppyImageKind.LowDensity), Refusals.With(VirtualMachineError.AlreadyExists));
    }

    [Test]
    public async Task Hardware_changes_only_while_the_machine_is_off_and_media_at_any_time()
    {
        await using HostFixture fixture = new();
        VirtualMachine machine = fixture.Machine;
        HardDiskConnection connection = machine.AddHardDiskConnection(await MakeDiskAsync(fixture, "disk.vhd"), 0, 0);
        string other = await MakeDiskAsync(fixture, "other.vhd");
        FakeRunningMachine running = await fixture.StartAsync();

        Assert.That(running.Start.HardDisks.Single().Image, Is.EqualTo(connection.HardDisk.File));
        Assert.That(() => machine.AddHardDiskConnection(other, 0, 1), Refusals.With(VirtualMachineError.MachineRunningOrSaved));
        Assert.That(() => connection.SetBusLocation(0, 1), Refusals.With(VirtualMachineError.MachineRunningOrSaved));
        Assert.That(() => machine.RemoveHardDiskConnection(connection), Refusals.With(VirtualMachineError.MachineRunningOrSaved));
        Assert.That(() => machine.AddDvdDrive(0, 1), Refusals.With(VirtualMachineError.MachineRunningOrSaved));
        machine.DvdDrives[0].AttachImage(MakeDisc(fixture));
        Assert.That(machine.DvdDrives[0].Attachment, Is.EqualTo(MediaAttachment.Image));
    }

    private static async Task<string> MakeDiskAsync(HostFixture fixture, string name)
    {
        string path = Path.Combine(Path.GetDirectoryName(fixture.Machine.ConfigurationFile)!, "..", name);
        path = Path.GetFullPath(path);
        await HostFixture.SucceedAsync(fixture.Host.CreateDynamicVirtualHardDisk(path, 3));
        return path;
    }

    /// <summary>A disk with a right checksum and a type that the specification reserves: 5.</summary>
    private static string MakeLinkedDisk(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        foreach (int footer in new[] { 0, file.Length - 512 })
        {
            // The checksum is the complement of a sum, so it falls as the type grows.
            Span<byte> checksum = file.AsSpan(footer + 64, 4);
            BinaryPrimitives.WriteUInt32BigEndian(checksum, BinaryPrimitives.ReadUInt32BigEndian(checksum) - (5u - file[footer + 63]));
            file[footer + 63] = 5;
        }

        string linked = Path.ChangeExtension(path, ".linked.vhd");
        File.WriteAllBytes(linked, file);
        return linked;
    }

    private static string MakeDisc(HostFixture fixture)
    {
        byte[] disc = new byte[20 * 2048];
        "CD001"u8.CopyTo(disc.AsSpan((16 * 2048) + 1));
        string path = Path.Combine(fixture.Folder, "disc.iso");
        File.WriteAllBytes(path, disc);
        return path;
    }
}

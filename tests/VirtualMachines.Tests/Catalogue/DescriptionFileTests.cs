using System.Xml.Linq;
using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines.Machines;
using VpcComApi.VirtualMachines.Tasks;

namespace VpcComApi.VirtualMachines.Tests.Catalogue;

/// <summary>The .vmcx file: it shows a machine as it is, and the disk that a start would use.</summary>
[TestFixture]
internal sealed class DescriptionFileTests
{
    private const string FirstDisk = "hardware/pci_bus/ide_adapter/ide_controller[@id=0]/location[@id=0]/";

    private HostFixture fixture = null!;

    private VirtualMachine Machine => fixture.Machine;

    [SetUp]
    public void Open_the_host() => fixture = new HostFixture();

    [TearDown]
    public async Task Close_the_host() => await fixture.DisposeAsync();

    [Test]
    public async Task A_machine_that_was_moved_shows_its_disk_where_it_is_now()
    {
        string old = Path.Combine(fixture.Folder, "old");
        VirtualMachine machine = fixture.Host.CreateVirtualMachine("Moved", old);
        await MakeDiskAsync(Path.Combine(old, "system.vhd"));
        machine.AddHardDiskConnection(Path.Combine(old, "system.vhd"), 0, 0);
        fixture.Host.UnregisterVirtualMachine(machine);
        string now = Path.Combine(fixture.Folder, "now");
        Directory.Move(old, now);

        VirtualMachine moved = fixture.Host.RegisterVirtualMachine("Moved", now);

        Assert.That(
            moved.ConfigurationValues.GetValue(FirstDisk + "pathname/absolute"),
            Is.EqualTo(Path.Combine(old, "system.vhd")),
            "the file is as it was");
        Assert.That(Shown(moved, "primary_disk1"), Is.EqualTo(Path.Combine(now, "system.vhd")));
        Assert.That(Shown(moved, "secondary_disk1"), Is.Empty);
        Assert.That(Shown(moved, "vmc_path"), Is.EqualTo(Path.Combine(now, "Moved.vmc")));
    }

    [Test]
    public async Task A_file_with_relative_paths_alone_shows_full_ones_and_a_DVD_drive_is_no_disk()
    {
        string folder = Path.Combine(fixture.Folder, "relative");
        await MakeDiskAsync(Path.Combine(folder, "disks", "b.vhd"));
        string path = Path.Combine(folder, "Relative.vmc");
        await File.WriteAllTextAsync(
            path,
            """
            <preferences><hardware><memory><ram_size type="integer">64</ram_size></memory><pci_bus><ide_adapter><ide_controller id="0">
            <location id="0"><drive_type type="integer">2</drive_type><pathname><absolute type="string">/x.iso</absolute></pathname></location>
            <location id="1"><drive_type type="integer">1</drive_type><pathname><relative type="string">.\disks\b.vhd</relative></pathname></location>
            </ide_controller></ide_adapter></pci_bus></hardware></preferences>
            """);

        VirtualMachine machine = fixture.Host.RegisterVirtualMachine(null, path);

        Assert.That(Shown(machine, "primary_disk1"), Is.Empty);
        Assert.That(Shown(machine, "secondary_disk1"), Is.EqualTo(Path.Combine(folder, "disks", "b.vhd")));
    }

    [Test]
    public async Task The_undo_disk_is_shown_as_long_as_the_machine_writes_to_it()
    {
        string disk = Path.Combine(fixture.Folder, "disk.vhd");
        await MakeDiskAsync(disk);
        Machine.AddHardDiskConnection(disk, 0, 0);
        Machine.Undoable = true;
        Assert.That(Shown(Machine, "primary_disk1"), Is.EqualTo(disk));

        string undo = (await fixture.StartAsync()).Start.HardDisks.Single().Image;
        Assert.That(Shown(Machine, "primary_disk1"), Is.EqualTo(undo));
        Assert.That(Shown(Machine, "vmstate"), Is.EqualTo("Running"));
        await HostFixture.SucceedAsync(Machine.TurnOff());
        Assert.That(Shown(Machine, "primary_disk1"), Is.EqualTo(undo), "it was kept");

        await HostFixture.SucceedAsync(Machine.MergeUndoDisks());
        Assert.That(Shown(Machine, "primary_disk1"), Is.EqualTo(disk));

        await fixture.StartAsync();
        await HostFixture.SucceedAsync(Machine.TurnOff());
        Machine.DiscardUndoDisks();
        Assert.That(Shown(Machine, "primary_disk1"), Is.EqualTo(disk));

        await fixture.StartAsync();
        await HostFixture.SucceedAsync(Machine.TurnOff());
        Machine.Undoable = false;
        Assert.That(Shown(Machine, "primary_disk1"), Is.EqualTo(disk));
    }

    [Test]
    public async Task A_value_that_is_set_in_the_file_is_shown_at_once()
    {
        string disk = Path.Combine(fixture.Folder, "disk.vhd");
        await MakeDiskAsync(disk);

        Machine.ConfigurationValues.SetValue("hardware/memory/ram_size", 96);
        Machine.ConfigurationValues.SetValue(FirstDisk + "drive_type", 1);
        Machine.ConfigurationValues.SetValue(FirstDisk + "pathname/absolute", disk);

        Assert.That(Shown(Machine, "ram_size"), Is.EqualTo("96 MB"));
        Assert.That(Shown(Machine, "primary_disk1"), Is.EqualTo(disk));
        Machine.ConfigurationValues.RemoveValue(FirstDisk + "drive_type");
        Assert.That(Shown(Machine, "primary_disk1"), Is.Empty);
    }

    private static string? Shown(VirtualMachine machine, string element) =>
        (string?)XDocument.Load(Path.ChangeExtension(machine.ConfigurationFile, ".vmcx")).Root!.Element(element);

    private async Task MakeDiskAsync(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        MachineTask task = fixture.Host.CreateDynamicVirtualHardDisk(path, 4);
        await Wait.UntilAsync(task.Completion, task.Description);
        Assert.That(task.Error?.ToString(), Is.Null);
    }
}

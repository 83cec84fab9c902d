using VpcComApi.TestSupport;
using VpcComApi.VirtualDisks;
using VpcComApi.VirtualMachines.Machines;

namespace VpcComApi.VirtualMachines.Tests.Disks;

/// <summary>
/// Relative paths in files count from the file's folder. In the current folder there is a decoy for each of them, which would be found if
/// the path were opened unchanged.
/// </summary>
[TestFixture]
[NonParallelizable]
[Platform(Exclude = "Win", Reason = "The decoys have names that Windows has no files of.")]
internal sealed class StoredPathTests
{
    private const string Position = "hardware/pci_bus/ide_adapter/ide_controller[@id=0]/location[@id=0]";
    private const string Floppy = "hardware/super_io/floppy[@id=0]/pathname/absolute";
    private const string Dvd = "hardware/pci_bus/ide_adapter/ide_controller[@id=1]/location[@id=0]/pathname/absolute";

    private TestDirectory decoys = null!;
    private TestDirectory data = null!;
    private string stoodIn = null!;

    [SetUp]
    public void Stand_among_decoys()
    {
        stoodIn = Directory.GetCurrentDirectory();
        decoys = new TestDirectory();
        data = new TestDirectory();
        Directory.SetCurrentDirectory(Directory.CreateDirectory(decoys.PathOf("here")).FullName);
    }

    [TearDown]
    public void Go_back()
    {
        Directory.SetCurrentDirectory(stoodIn);
        decoys.Dispose();
        data.Dispose();
    }

    [TestCase("disk.vhd", "disk.vhd")]
    [TestCase(@".\disk.vhd", "disk.vhd")]
    [TestCase("below/disk.vhd", "below/disk.vhd")]
    [TestCase(@"below\disk.vhd", "below/disk.vhd")]
    [TestCase(@"..\Disks\disk.vhd", "../Disks/disk.vhd")]
    [TestCase("d", "d", Description = "A drive's letter names no hard disk.")]
    public async Task A_relative_disk_is_the_one_beside_the_configuration(string text, string place)
    {
        await using HostFixture fixture = new(data.FullPath);
        string folder = Path.GetDirectoryName(fixture.Machine.ConfigurationFile)!;
        string real = Path.GetFullPath(Path.Combine(folder, place));
        MakeDisk(real, 5 << 20);
        MakeDecoys(text, place);
        SetDisk(fixture.Machine, text);

        HardDiskConnectionFile(fixture.Machine, real);
        Assert.That(fixture.Machine.HardDiskConnections[0].HardDisk.SizeInGuest, Is.EqualTo(5 << 20));
        await HostFixture.SucceedAsync(fixture.Machine.Startup(StartupOption.Normal));
        Assert.That(fixture.Provider.Last.Start.HardDisks.Single().Image, Is.EqualTo(real));
    }

    [TestCase("disk.vhd")]
    [TestCase(@"..\disk.vhd")]
    [TestCase(@"C:\Disks\disk.vhd")]
    [TestCase(@"C:disk.vhd")]
    [TestCase(@"\Disks\disk.vhd")]
    [TestCase(@"\\server\share\disk.vhd")]
    public async Task A_disk_that_is_not_there_is_not_the_decoy_in_the_process_folder(string text)
    {
        await using HostFixture fixture = new(data.FullPath);
        MakeDecoys(text, text.Replace('\\', '/'));
        SetDisk(fixture.Machine, text);
        VirtualMachine machine = fixture.Machine;

        Assert.That(() => machine.HardDiskConnections[0].HardDisk.SizeInGuest, Throws.TypeOf<VirtualMachineException>());
        Assert.That(() => machine.HardDiskConnections[0].HardDisk.SizeOnHost, Throws.TypeOf<VirtualMachineException>());
        Assert.That(
            () => machine.Startup(StartupOption.Normal), Throws.TypeOf<VirtualMachineException>().With.Message.Contains("disk.vhd"));
        Assert.That(
            machine.ConfigurationValues.GetValue($"{Position}/pathname/absolute"),
            Is.EqualTo(text),
            "it is kept for the system that it is a path of");
    }

    [Test]
    public async Task The_relative_path_is_taken_where_the_absolute_one_is_of_another_system_and_both_move_as_they_are()
    {
        await using HostFixture fixture = new(data.FullPath);
        VirtualMachine machine = fixture.Machine;
        string real = Path.Combine(Path.GetDirectoryName(machine.ConfigurationFile)!, "disk.vhd");
        MakeDisk(real, 5 << 20);
        SetDisk(machine, @"C:\Disks\disk.vhd");
        machine.ConfigurationValues.SetValue($"{Position}/pathname/relative", @".\disk.vhd");

        HardDiskConnectionFile(machine, real);
        machine.HardDiskConnections[0].SetBusLocation(0, 1);

        HardDiskConnectionFile(machine, real);
        string moved = Position.Replace("location[@id=0]", "location[@id=1]", StringComparison.Ordinal);
        Assert.That(machine.ConfigurationValues.GetValue($"{moved}/pathname/absolute"), Is.EqualTo(@"C:\Disks\disk.vhd"));
        Assert.That(machine.ConfigurationValues.GetValue($"{moved}/pathname/relative"), Is.EqualTo(@".\disk.vhd"));
    }

    [Test]
    public async Task Relative_discs_floppies_and_undo_disks_are_those_beside_the_configuration()
    {
        await using HostFixture fixture = new(data.FullPath);
        VirtualMachine machine = fixture.Machine;
        string folder = Path.GetDirectoryName(machine.ConfigurationFile)!;
        MakeDecoys("disc.iso", "disc.iso");
        MakeDecoys("a.vfd", "a.vfd");
        MakeDecoys("undo.vud", "undo.vud");
        MakeDisk(Path.Combine(folder, "disk.vhd"), 5 << 20);
        SetDisk(machine, "disk.vhd");
        machine.ConfigurationValues.SetValue(Dvd, "disc.iso");
        machine.ConfigurationValues.SetValue(Floppy, "a.vfd");
        machine.ConfigurationValues.SetValue($"{Position}/undo_pathname/absolute", "undo.vud");

        Assert.That(machine.DvdDrives[0].ImageFile, Is.EqualTo(Path.Combine(folder, "disc.iso")));
        Assert.That(machine.FloppyDrives[0].ImageFile, Is.EqualTo(Path.Combine(folder, "a.vfd")));
        Assert.That(() => machine.HardDiskConnections[0].UndoHardDisk, Refusals.With(VirtualMachineError.FileNotFound));
        machine.DiscardUndoDisks();
        Assert.That(decoys.PathOf("here", "undo.vud"), Does.Exist);
    }

    [Test]
    public async Task A_parent_counts_from_the_folder_of_its_child()
    {
        string folder = Directory.CreateDirectory(data.PathOf("chain")).FullName;
        MakeDisk(Path.Combine(folder, "base.vhd"), 5 << 20);
        DiskCreation.CreateDifferencing(Path.Combine(folder, "child.vhd"), Path.Combine(folder, "base.vhd"));
        File.Copy(Path.Combine(folder, "base.vhd"), decoys.PathOf("here", "base.vhd"));
        Directory.Move(folder, data.PathOf("moved"));
        await using HostFixture fixture = new(data.FullPath);

        Assert.That(
            fixture.Host.GetHardDisk(data.PathOf("moved", "child.vhd")).Parent!.File, Is.EqualTo(data.PathOf("moved", "base.vhd")));
        File.Delete(data.PathOf("moved", "base.vhd"));
        Assert.That(() => fixture.Host.GetHardDisk(data.PathOf("moved", "child.vhd")).Parent, Throws.TypeOf<VirtualMachineException>());
    }

    [Test]
    public async Task Relative_folders_in_the_preferences_count_from_the_preferences()
    {
        await using HostFixture fixture = new(data.FullPath);
        Directory.CreateDirectory(data.PathOf("New"));
        Directory.CreateDirectory(decoys.PathOf("here", "New"));
        MakeDisk(data.PathOf("New", "mine.vhd"), 3 << 20);
        MakeDisk(decoys.PathOf("here", "New", "decoy.vhd"), 3 << 20);
        fixture.Host.Preferences.SetValue("virtual_machines/configuration_path", "New");
        fixture.Host.Preferences.SetValue("virtual_machines/search_paths/count", 2);
        fixture.Host.Preferences.SetValue("virtual_machines/search_paths/path[@id=0]", @".\New");
        fixture.Host.Preferences.SetValue("virtual_machines/search_paths/path[@id=1]", @"C:\New");

        Assert.That(fixture.Host.DefaultConfigurationPath, Is.EqualTo(data.PathOf("New")));
        Assert.That(fixture.Host.SearchPaths, Is.EqualTo([data.PathOf("New")]));
        Assert.That(fixture.Host.FindHardDiskFiles([], CancellationToken.None), Is.EqualTo([data.PathOf("New", "mine.vhd")]));
    }

    private static void HardDiskConnectionFile(VirtualMachine machine, string expected) =>
        Assert.That(machine.HardDiskConnections.Single().HardDisk.File, Is.EqualTo(expected));

    private static void SetDisk(VirtualMachine machine, string text)
    {
        machine.ConfigurationValues.SetValue($"{Position}/drive_type", 1);
        machine.ConfigurationValues.SetValue($"{Position}/pathname/absolute", text);
    }

    private static void MakeDisk(string path, long size)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        DiskCreation.CreateDynamic(path, size);
    }

    /// <summary>Disks of another size, with the text as a name and at the path relative to the current folder.</summary>
    private static void MakeDecoys(string text, string place)
    {
        foreach (string path in new[] { text, place.TrimStart('/') }.Select(Path.GetFullPath).Distinct())
        {
            MakeDisk(path, 9 << 20);
        }
    }
}

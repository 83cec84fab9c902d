using VpcComApi.TestSupport;
using VpcComApi.VirtualDisks;
using VpcComApi.VirtualDisks.Media;
using VpcComApi.VirtualMachines.Disks;
using VpcComApi.VirtualMachines.Machines;
using VpcComApi.VirtualMachines.Tasks;
using VpcComApi.VirtualMachines.VmcFiles;

namespace VpcComApi.VirtualMachines.Tests.Hosts;

/// <summary>
/// A host whose files are on a volume that is really full: the documented error, no incomplete files, and everything works again when there
/// is room.
/// </summary>
[TestFixture]
internal sealed class FullVolumeTests
{
    private SmallVolume volume = null!;
    private HostFixture fixture = null!;

    [SetUp]
    public async Task Open_a_host_on_a_small_volume()
    {
        volume = await SmallVolume.CreateAsync(megabytes: 24);
        fixture = new HostFixture(volume.Folder);
    }

    [TearDown]
    public async Task Close_the_host()
    {
        // A skipped test has neither.
        if (fixture is not null)
        {
            await fixture.DisposeAsync();
        }

        if (volume is not null)
        {
            await volume.DisposeAsync();
        }
    }

    [Test]
    public void A_long_setting_is_refused_and_leaves_no_file()
    {
        VirtualMachine machine = fixture.Machine;
        machine.Notes = "before";
        string notes = new('n', MachineConfiguration.MaximumNotesLength);

        CheckRefusal(0, () => machine.Notes = notes);

        Assert.That(machine.Notes, Is.EqualTo(notes));
    }

    [Test]
    public void A_refused_setting_keeps_its_value()
    {
        VirtualMachine machine = fixture.Machine;
        machine.MemoryMegabytes = 256;
        volume.FillUp(0);

        Assert.That(() => machine.MemoryMegabytes = 512, Refusals.With(VirtualMachineError.DiskFull));

        Assert.That(machine.MemoryMegabytes, Is.EqualTo(256));
    }

    [TestCase(0, Description = "no room for its configuration")]
    [TestCase(4096, Description = "no room for the list of machines, when the configuration has been written")]
    public void A_new_machine_is_refused_and_leaves_nothing(int room) =>
        CheckRefusal(room, () => fixture.Host.CreateVirtualMachine("Second", volume.PathOf("machines")));

    [Test]
    public void A_floppy_disk_is_refused() =>
        CheckRefusal(1 << 20, () => fixture.Host.CreateFloppyDiskImage(volume.PathOf("new.vfd"), FloppyImageKind.HighDensity));

    [Test]
    public void A_fixed_disk_is_refused_before_it_is_begun() =>
        CheckRefusal(2 << 20, () => fixture.Host.CreateFixedVirtualHardDisk(volume.PathOf("new.vhd"), 4));

    [Test]
    public async Task Converting_and_compacting_are_refused_and_leave_the_disk()
    {
        string path = volume.PathOf("disk.vhd");
        await HostFixture.SucceedAsync(fixture.Host.CreateDynamicVirtualHardDisk(path, 8));
        using (VirtualDisk disk = VirtualDisk.Open(path, FileAccess.ReadWrite))
        {
            disk.Write(0, [.. Enumerable.Repeat((byte)1, 8 << 20)]);
            disk.Flush();
        }

        List<string> before = Files();
        HardDisk source = fixture.Host.GetHardDisk(path);
        volume.FillUp(5 << 20);

        Assert.That(
            () => source.Convert(volume.PathOf("new.vhd"), VirtualDiskKind.Dynamic),
            Refusals.With(VirtualMachineError.DiskFull).And.Message.Contains("room"));

        // That may need no more room than an empty disk does, so only the writing shows the effect.
        await FailAsync(source.Compact());

        Assert.That(Files(), Is.EqualTo(before));
        volume.MakeRoom();
        await HostFixture.SucceedAsync(source.Compact());
        await HostFixture.SucceedAsync(source.Convert(volume.PathOf("new.vhd"), VirtualDiskKind.Dynamic));
    }

    [Test]
    public async Task A_start_for_whose_undo_disk_there_is_no_room_fails_and_leaves_the_machine_off()
    {
        VirtualMachine machine = fixture.Machine;
        string disk = volume.PathOf("disk.vhd");
        await HostFixture.SucceedAsync(fixture.Host.CreateDynamicVirtualHardDisk(disk, 4));
        machine.AddHardDiskConnection(disk, 0, 0);
        machine.Undoable = true;
        List<string> before = Files();
        volume.FillUp(0);

        await FailAsync(machine.Startup(StartupOption.Normal));

        Assert.That(machine.State, Is.EqualTo(MachineState.TurnedOff));
        Assert.That(Files(), Is.EqualTo(before));
        volume.MakeRoom();
        await fixture.StartAsync();
    }

    private static async Task FailAsync(MachineTask task)
    {
        await Wait.UntilAsync(task.Completion, task.Description);
        Assert.That(task.Error?.Error, Is.EqualTo(VirtualMachineError.DiskFull), task.Error?.ToString());
        Assert.That(task.Error!.Message, Does.Contain("room"));
        Assert.That(task.Result, Is.EqualTo(MachineTaskResult.DiskRelatedError));
    }

    private void CheckRefusal(long room, Action action)
    {
        List<string> before = Files();
        volume.FillUp(room);

        Assert.That(action, Refusals.With(VirtualMachineError.DiskFull).And.Message.Contains("room"));

        Assert.That(Files(), Is.EqualTo(before), "nothing half made");
        volume.MakeRoom();
        action();
    }

    /// <summary>All but the files by which processes lock each other out; those are empty, and stay.</summary>
    private List<string> Files() =>
 [
            .. Directory.GetFileSystemEntries(volume.Folder, "*", SearchOption.AllDirectories)
                .Where(path => !path.EndsWith(".lock", StringComparison.Ordinal))
                .Order(),
        ];
}

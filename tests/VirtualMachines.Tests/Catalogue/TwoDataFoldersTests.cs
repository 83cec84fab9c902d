using VpcComApi.VirtualDisks;
using VpcComApi.VirtualMachines.Machines;

namespace VpcComApi.VirtualMachines.Tests.Catalogue;

/// <summary>One .vmc file registered in two data folders: it runs once, and nobody takes away what the other uses.</summary>
[TestFixture]
internal sealed class TwoDataFoldersTests
{
    [Test]
    public async Task A_machine_runs_from_one_of_them_at_a_time()
    {
        await using HostFixture one = new();
        await using HostFixture other = new();
        VirtualMachine here = one.Machine;
        VirtualMachine there = RegisterIn(other, here);
        await one.StartAsync();

        Assert.That(() => there.Startup(StartupOption.Normal), Refusals.With(VirtualMachineError.MachineRunning));

        await HostFixture.SucceedAsync(here.TurnOff());
        await HostFixture.SucceedAsync(there.Startup(StartupOption.Normal));
        Assert.That(() => here.Startup(StartupOption.Normal), Refusals.With(VirtualMachineError.MachineRunning));
    }

    [Test]
    public async Task Nothing_is_removed_renamed_or_discarded_that_runs_from_the_other()
    {
        await using HostFixture one = new();
        await using HostFixture other = new();
        VirtualMachine here = one.Machine;
        string disk = await MakeDiskAsync(one);
        here.AddHardDiskConnection(disk, 0, 0);
        here.Undoable = true;
        VirtualMachine there = RegisterIn(other, here);
        await one.StartAsync();
        string[] before = [.. Directory.GetFiles(Path.GetDirectoryName(here.ConfigurationFile)!).Order()];

        Assert.That(() => other.Host.DeleteVirtualMachine(there), Refusals.With(VirtualMachineError.MachineRunning));
        Assert.That(() => there.Name = "Other", Refusals.With(VirtualMachineError.SettingLockedWhileActive));
        Assert.That(there.DiscardUndoDisks, Refusals.With(VirtualMachineError.MachineRunningOrSaved));
        Assert.That(() => there.MergeUndoDisks(), Refusals.With(VirtualMachineError.MachineRunning));
        Assert.That(() => there.Undoable = false, Refusals.With(VirtualMachineError.SharingViolation));
        Assert.That(() => other.Host.GetHardDisk(disk).Compact(), Refusals.With(VirtualMachineError.SharingViolation));

        Assert.That(Directory.GetFiles(Path.GetDirectoryName(here.ConfigurationFile)!).Order(), Is.EqualTo(before));
        await HostFixture.SucceedAsync(here.TurnOff());
    }

    [Test]
    public async Task A_copy_of_a_machine_does_not_take_the_others_undo_disks_along()
    {
        await using HostFixture one = new();
        await using HostFixture other = new();
        VirtualMachine here = one.Machine;
        here.AddHardDiskConnection(await MakeDiskAsync(one), 0, 0);
        here.Undoable = true;
        await one.StartAsync();
        string undo = here.HardDiskConnections[0].UndoHardDisk.File;
        string copy = Path.Combine(other.Folder, "Copy.vmc");
        File.Copy(here.ConfigurationFile, copy);
        VirtualMachine there = other.Host.RegisterVirtualMachine(null, copy);

        Assert.That(() => other.Host.DeleteVirtualMachine(there), Refusals.With(VirtualMachineError.SharingViolation));

        Assert.That(undo, Does.Exist);
        Assert.That(copy, Does.Exist);
        await HostFixture.SucceedAsync(here.TurnOff());
    }

    [Test]
    public async Task A_disk_is_written_from_one_of_them_at_a_time_and_read_from_both()
    {
        await using HostFixture one = new();
        await using HostFixture other = new();
        string shared = await MakeDiskAsync(one);
        string[] children = [Path.Combine(one.Folder, "one.vhd"), Path.Combine(other.Folder, "other.vhd")];
        Array.ForEach(children, child => DiskCreation.CreateDifferencing(child, shared));
        one.Machine.AddHardDiskConnection(children[0], 0, 0);
        other.Machine.AddHardDiskConnection(children[1], 0, 0);

        await one.StartAsync();
        await other.StartAsync();

        VirtualMachine third = other.Host.CreateVirtualMachine("Third", other.Folder);
        third.AddHardDiskConnection(children[0], 0, 0);
        Assert.That(() => third.Startup(StartupOption.Normal), Refusals.With(VirtualMachineError.SharingViolation));
        third.RemoveHardDiskConnection(third.HardDiskConnections[0]);
        third.AddHardDiskConnection(shared, 0, 0);
        Assert.That(() => third.Startup(StartupOption.Normal), Refusals.With(VirtualMachineError.SharingViolation));
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "There empty lock files stay.")]
    public async Task No_lock_is_left_when_all_is_off()
    {
        await using HostFixture fixture = new();
        fixture.Machine.AddHardDiskConnection(await MakeDiskAsync(fixture), 0, 0);
        await fixture.StartAsync();
        Assert.That(Locks(), Is.EquivalentTo(["Windows XP Mode.vmc.lock", "disk.vhd.lock"]));

        await HostFixture.SucceedAsync(fixture.Machine.TurnOff());

        Assert.That(Locks(), Is.Empty);

        IEnumerable<string?> Locks() => Directory.GetFiles(fixture.Folder, "*.*.lock", SearchOption.AllDirectories).Select(Path.GetFileName);
    }

    private static VirtualMachine RegisterIn(HostFixture other, VirtualMachine machine)
    {
        other.Host.UnregisterVirtualMachine(other.Machine);
        return other.Host.RegisterVirtualMachine(null, machine.ConfigurationFile);
    }

    private static async Task<string> MakeDiskAsync(HostFixture fixture)
    {
        string path = Path.Combine(fixture.Folder, "disk.vhd");
        await HostFixture.SucceedAsync(fixture.Host.CreateDynamicVirtualHardDisk(path, 5));
        return path;
    }
}

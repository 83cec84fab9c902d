using System.Text;
using System.Text.RegularExpressions;
using VpcComApi.VirtualDisks;
using VpcComApi.VirtualMachines.Disks;
using VpcComApi.VirtualMachines.Events;
using VpcComApi.VirtualMachines.Machines;
using VpcComApi.VirtualMachines.Providers;
using VpcComApi.VirtualMachines.Tasks;
using VpcComApi.VirtualMachines.Tests.Machines;

namespace VpcComApi.VirtualMachines.Tests.Disks;

/// <summary>Undo disks over a machine's life, and disks that are in use.</summary>
[TestFixture]
internal sealed class UndoDiskTests
{
    private HostFixture fixture = null!;
    private VirtualMachine machine = null!;
    private string disk = null!;

    [SetUp]
    public async Task Make_a_machine_with_an_undo_disk()
    {
        fixture = new HostFixture();
        machine = fixture.Machine;
        disk = Path.Combine(fixture.Folder, "disk.vhd");
        await HostFixture.SucceedAsync(fixture.Host.CreateDynamicVirtualHardDisk(disk, 4));
        machine.AddHardDiskConnection(disk, 0, 0);
        machine.Undoable = true;
    }

    [TearDown]
    public async Task Close_the_application() => await fixture.DisposeAsync();

    [Test]
    public async Task A_running_machine_writes_to_an_undo_disk_called_as_Virtual_PC_called_it()
    {
        FakeRunningMachine running = await fixture.StartAsync();

        string undo = running.Start.HardDisks.Single().Image;
        Assert.That(Path.GetDirectoryName(undo), Is.EqualTo(Path.GetDirectoryName(machine.ConfigurationFile)));
        Assert.That(Path.GetFileName(undo), Does.Match(@"^VirtualPCUndo_Windows XP Mode_0_0_\d{14}\.vud$"));
        Assert.That(VirtualDiskInfo.Read(undo).FindParent(), Is.EqualTo(disk));
        Assert.That(machine.HardDiskConnections[0].UndoHardDisk.File, Is.EqualTo(undo));
        Assert.That(machine.HardDiskConnections[0].HardDisk.File, Is.EqualTo(disk));
        Assert.That(
            machine.ConfigurationValues.GetValue(
                "hardware/pci_bus/ide_adapter/ide_controller[@id=0]/location[@id=0]/undo_pathname/absolute"),
            Is.EqualTo(undo));
    }

    [TestCase(UndoAction.Discard, false, 0)]
    [TestCase(UndoAction.Keep, true, 0)]
    [TestCase(UndoAction.Commit, false, 9)]
    public async Task Turning_off_does_what_the_undo_action_says(UndoAction action, bool isKept, byte onDisk)
    {
        machine.UndoAction = action;
        string undo = await RunAndWriteAsync();
        using StateRecorder states = new(machine);

        await HostFixture.SucceedAsync(machine.TurnOff());

        Assert.That(File.Exists(undo), Is.EqualTo(isKept));
        Assert.That(FirstByte(disk), Is.EqualTo(onDisk));
        Assert.That(machine.State, Is.EqualTo(MachineState.TurnedOff));
        await states.ExpectAsync(
            action == UndoAction.Commit
                ? [MachineState.TurningOff, MachineState.MergingDrives, MachineState.TurnedOff]
                : [MachineState.TurningOff, MachineState.TurnedOff]);
        if (isKept)
        {
            FakeRunningMachine again = await fixture.StartAsync();
            Assert.That(again.Start.HardDisks.Single().Image, Is.EqualTo(undo), "the next start continues with it");
        }
    }

    [Test]
    public async Task A_guest_that_powers_off_gets_the_undo_action_and_a_machine_that_dies_does_not()
    {
        machine.UndoAction = UndoAction.Commit;
        string undo = await RunAndWriteAsync();
        fixture.Provider.Last.End(MachineEndReason.Died, "killed");
        await fixture.WaitForAsync(MachineState.TurnedOff);
        Assert.That(File.Exists(undo), Is.True);

        await fixture.StartAsync();
        fixture.Provider.Last.End(MachineEndReason.GuestPoweredOff, "shut down");
        await fixture.WaitForAsync(MachineState.TurnedOff);
        Assert.That(File.Exists(undo), Is.False);
        Assert.That(FirstByte(disk), Is.EqualTo(9));
    }

    [Test]
    public async Task The_end_of_the_application_leaves_undo_disks_alone()
    {
        machine.UndoAction = UndoAction.Discard;
        machine.ShutdownActionOnQuit = ShutdownAction.TurnOff;
        string undo = await RunAndWriteAsync();

        await fixture.Host.DisposeAsync();

        Assert.That(File.Exists(undo), Is.True);
    }

    [Test]
    public async Task Undo_disks_are_merged_on_demand_of_a_machine_that_is_off_or_saved()
    {
        string undo = await RunAndWriteAsync();
        Assert.That(() => machine.MergeUndoDisks(), Refusals.With(VirtualMachineError.MachineRunning));
        await HostFixture.SucceedAsync(machine.Save());

        await HostFixture.SucceedAsync(machine.MergeUndoDisks());

        Assert.That(machine.State, Is.EqualTo(MachineState.Saved));
        Assert.That(File.Exists(undo), Is.False);
        Assert.That(FirstByte(disk), Is.EqualTo(9));
        Assert.That(() => machine.HardDiskConnections[0].UndoHardDisk, Refusals.With(VirtualMachineError.FileNotFound));
        await HostFixture.SucceedAsync(machine.MergeUndoDisks());
    }

    [Test]
    public async Task Undo_disks_of_a_machine_that_is_off_are_discarded_on_request()
    {
        string undo = await RunAndWriteAsync();
        Assert.That(() => machine.DiscardUndoDisks(), Refusals.With(VirtualMachineError.MachineRunningOrSaved));
        await HostFixture.SucceedAsync(machine.TurnOff());

        machine.DiscardUndoDisks();

        Assert.That(File.Exists(undo), Is.False);
        Assert.That(FirstByte(disk), Is.Zero);
    }

    [Test]
    public async Task Switching_undo_disks_off_discards_them()
    {
        string undo = await RunAndWriteAsync();
        await HostFixture.SucceedAsync(machine.TurnOff());

        machine.Undoable = false;

        Assert.That(File.Exists(undo), Is.False);
        FakeRunningMachine running = await fixture.StartAsync();
        Assert.That(running.Start.HardDisks.Single().Image, Is.EqualTo(disk));
    }

    [Test]
    public async Task A_deleted_machine_takes_its_undo_disks_with_it_and_leaves_its_disks()
    {
        string undo = await RunAndWriteAsync();
        await HostFixture.SucceedAsync(machine.TurnOff());

        fixture.Host.DeleteVirtualMachine(machine);

        Assert.That(File.Exists(undo), Is.False);
        Assert.That(File.Exists(disk), Is.True);
    }

    [Test]
    public async Task A_merge_that_cannot_be_done_is_refused_with_the_contracts_error()
    {
        await RunAndWriteAsync();
        await HostFixture.SucceedAsync(machine.TurnOff());

        File.SetAttributes(disk, FileAttributes.ReadOnly);
        Assert.That(() => machine.MergeUndoDisks(), Refusals.With(VirtualMachineError.FileReadOnly));
        File.SetAttributes(disk, FileAttributes.Normal);
        using (fixture.Host.Disks.Take([], [disk]))
        {
            Assert.That(() => machine.MergeUndoDisks(), Refusals.With(VirtualMachineError.ParentInUse));
        }

        File.Move(disk, disk + ".gone");
        Assert.That(() => machine.MergeUndoDisks(), Refusals.With(VirtualMachineError.PathNotFound));
        File.Move(disk + ".gone", disk);
        Assert.That(machine.State, Is.EqualTo(MachineState.TurnedOff));
        await HostFixture.SucceedAsync(machine.MergeUndoDisks());
    }

    [Test]
    public async Task Disks_of_a_running_or_saved_machine_are_protected()
    {
        await RunAndWriteAsync();
        HardDisk inUse = fixture.Host.GetHardDisk(disk);

        Assert.That(() => inUse.Compact(), Refusals.With(VirtualMachineError.SharingViolation));
        Assert.That(inUse.Kind, Is.EqualTo(VirtualDiskKind.Dynamic), "it can be looked at");
        await HostFixture.SucceedAsync(machine.Save());
        Assert.That(() => inUse.Compact(), Refusals.With(VirtualMachineError.SharingViolation));
        Assert.That(() => machine.HardDiskConnections[0].UndoHardDisk.Merge(), Refusals.With(VirtualMachineError.SharingViolation));

        machine.DiscardSavedState();
        await HostFixture.SucceedAsync(inUse.Compact());
    }

    [Test]
    public async Task A_disk_of_a_saved_machine_is_protected_from_a_process_that_has_not_looked_at_the_machines_yet()
    {
        await RunAndWriteAsync();
        await HostFixture.SucceedAsync(machine.Save());
        await using HostFixture other = new(fixture.Folder);

        VirtualMachineException refusal = Assert.Throws<VirtualMachineException>(() => other.Host.GetHardDisk(disk).Compact());

        Assert.That(refusal.Error, Is.EqualTo(VirtualMachineError.SharingViolation));
        Assert.That(refusal.Remedy, Is.EqualTo(new Remedy(RemedyAction.DiscardSavedState, machine.Name)));
    }

    [Test]
    public async Task Two_machines_cannot_run_with_one_disk()
    {
        machine.Undoable = false;
        VirtualMachine other = fixture.Host.CreateVirtualMachine("Other", Path.Combine(fixture.Folder, "other"));
        other.AddHardDiskConnection(disk, 0, 0);
        await fixture.StartAsync();

        Assert.That(() => other.Startup(StartupOption.Normal), Refusals.With(VirtualMachineError.SharingViolation));

        await HostFixture.SucceedAsync(machine.TurnOff());
        await HostFixture.SucceedAsync(other.Startup(StartupOption.Normal));
    }

    [Test]
    public async Task Disks_of_a_running_machine_are_protected_from_other_processes()
    {
        await RunAndWriteAsync();

        // Another host over the same data folder is to this one what another process is: it shares nothing but files.
        await using HostFixture other = new(fixture.Folder);
        Assert.That(() => other.Host.GetHardDisk(disk).Compact(), Refusals.With(VirtualMachineError.SharingViolation));

        await HostFixture.SucceedAsync(machine.TurnOff());
        await HostFixture.SucceedAsync(other.Host.GetHardDisk(disk).Compact());
    }

    [Test]
    public async Task A_changed_parent_stops_a_start_until_it_is_accepted()
    {
        await RunAndWriteAsync();
        await HostFixture.SucceedAsync(machine.TurnOff());
        File.SetLastWriteTimeUtc(disk, DateTime.UtcNow.AddHours(1));

        VirtualMachineException refusal = Assert.Throws<VirtualMachineException>(() => machine.Startup(StartupOption.Normal));
        Assert.That(refusal.Error, Is.EqualTo(VirtualMachineError.ParentModified));
        Assert.That(refusal.Remedy, Is.EqualTo(new Remedy(RemedyAction.AcceptChangedParent, machine.Name)));
        await HostFixture.SucceedAsync(machine.Startup(StartupOption.FixParentTimestampMismatch));
        await HostFixture.SucceedAsync(machine.TurnOff());
        await HostFixture.SucceedAsync(machine.Startup(StartupOption.Normal));
    }

    [Test]
    public async Task A_start_without_its_disk_is_refused_and_can_be_tried_again()
    {
        File.Move(disk, disk + ".gone");
        Assert.That(() => machine.Startup(StartupOption.Normal), Refusals.With(VirtualMachineError.FileNotFound));
        Assert.That(machine.State, Is.EqualTo(MachineState.TurnedOff));

        File.Move(disk + ".gone", disk);
        MachineTask start = machine.Startup(StartupOption.Normal);
        await HostFixture.SucceedAsync(start);
    }

    [TestCase(true)]
    [TestCase(false)]
    public void A_file_that_is_no_undo_disk_is_left_whatever_the_configuration_says(bool isDiscarded)
    {
        string[] files =
        [
            Path.Combine(fixture.Folder, "letter.txt"),
            Path.Combine(Path.GetDirectoryName(machine.ConfigurationFile)!, "VirtualPCUndo_Letter_0_0_00000001012026.vud"),
        ];
        foreach (string file in files)
        {
            File.WriteAllText(file, "Dear Sir or Madam");
        }

        machine.AddHardDiskConnection(MakeChildOfAnotherDisk(), 0, 1);
        machine.ConfigurationValues.SetValue(UndoKey(0), files[0]);
        machine.ConfigurationValues.SetValue(UndoKey(1), files[1]);

        if (isDiscarded)
        {
            machine.DiscardUndoDisks();
            Assert.That(machine.ConfigurationValues.GetValue(UndoKey(0)), Is.Empty);
            Assert.That(machine.ConfigurationValues.GetValue(UndoKey(1)), Is.Empty);
        }
        else
        {
            fixture.Host.DeleteVirtualMachine(machine);
        }

        Assert.That(files.Select(File.ReadAllText), Is.All.EqualTo("Dear Sir or Madam"));
        Assert.That(
            fixture.Log.Entries.Where(entry => entry.Id == MachineEventIds.UndoFileLeft).Select(entry => entry.Text),
            Is.EquivalentTo(files).Using<string, string>((text, file) => text.Contains(file, StringComparison.Ordinal)));
    }

    [Test]
    public void A_child_of_another_disk_is_neither_discarded_nor_merged()
    {
        string child = MakeChildOfAnotherDisk();
        machine.ConfigurationValues.SetValue(UndoKey(0), child);

        Assert.That(() => machine.MergeUndoDisks(), Refusals.With(VirtualMachineError.ParentMismatch));
        machine.DiscardUndoDisks();

        Assert.That(child, Does.Exist);
        Assert.That(machine.ConfigurationValues.GetValue(UndoKey(0)), Is.Empty);
    }

    [Test]
    public void A_machine_that_could_not_be_completed_takes_no_file_along_that_is_no_undo_disk()
    {
        string letter = Path.Combine(fixture.Folder, "letter.txt");
        File.WriteAllText(letter, "Dear Sir or Madam");

        Assert.That(
            () => fixture.Host.CreateVirtualMachine("Other", Path.Combine(fixture.Folder, "other"), other =>
            {
                other.AddHardDiskConnection(disk, 0, 0);
                other.ConfigurationValues.SetValue(UndoKey(0), letter);
                throw new InvalidOperationException();
            }),
            Throws.InvalidOperationException);

        Assert.That(letter, Does.Exist);
        Assert.That(Path.Combine(fixture.Folder, "other"), Does.Not.Exist);
    }

    [Test]
    public async Task An_undo_disk_is_deleted_when_its_disk_is_missing()
    {
        string undo = await RunAndWriteAsync();
        await HostFixture.SucceedAsync(machine.TurnOff());
        File.Delete(disk);

        machine.DiscardUndoDisks();

        Assert.That(undo, Does.Not.Exist);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_disk_of_a_saved_machine_is_protected_when_a_value_in_its_file_is_wrong(bool isKnown)
    {
        await RunAndWriteAsync();
        await HostFixture.SucceedAsync(machine.Save());
        string text = File.ReadAllText(machine.ConfigurationFile);
        string wrong = Regex.Replace(text, "(<ram_size[^>]*>)[^<]*", "${1}1");
        File.WriteAllText(
            machine.ConfigurationFile,
            wrong,
            text.Contains("UTF-16", StringComparison.OrdinalIgnoreCase) ? Encoding.Unicode : Encoding.UTF8);
        await using HostFixture other = new(fixture.Folder);
        VirtualMachineHost host = isKnown ? fixture.Host : other.Host;
        Assert.That(host.Problems, Has.Count.EqualTo(1));

        Assert.That(() => host.GetHardDisk(disk).Compact(), Refusals.With(VirtualMachineError.SharingViolation));
    }

    private static string UndoKey(int device) =>
        $"hardware/pci_bus/ide_adapter/ide_controller[@id=0]/location[@id={device}]/undo_pathname/absolute";

    private string MakeChildOfAnotherDisk()
    {
        string child = Path.Combine(fixture.Folder, "child.vhd");
        DiskCreation.CreateDynamic(Path.Combine(fixture.Folder, "another.vhd"), 5 << 20);
        DiskCreation.CreateDifferencing(child, Path.Combine(fixture.Folder, "another.vhd"));
        return child;
    }

    private async Task<string> RunAndWriteAsync()
    {
        FakeRunningMachine running = await fixture.StartAsync();
        string undo = running.Start.HardDisks.Single().Image;
        byte[] data = new byte[512];
        data.AsSpan().Fill(9);
        using VirtualDisk written = VirtualDisk.Open(undo, FileAccess.ReadWrite);
        written.Write(0, data);
        written.Flush();
        return undo;
    }

    private static byte FirstByte(string path)
    {
        byte[] data = new byte[512];
        using VirtualDisk opened = VirtualDisk.Open(path, FileAccess.Read);
        opened.Read(0, data);
        return data[0];
    }
}

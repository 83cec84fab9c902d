using VpcComApi.TestSupport;
using VpcComApi.VirtualDisks;
using VpcComApi.VirtualMachines.Disks;
using VpcComApi.VirtualMachines.Machines;

namespace VpcComApi.VirtualMachines.Tests.Catalogue;

/// <summary>One .vmc file registered in two data folders: it runs once, and neither host removes what the other uses.</summary>
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
    public async Task A_position_is_given_to_one_of_them_when_both_connect_a_drive_there_at_once()
    {
        const int Rounds = 30;
        await using HostFixture one = new();
        await using HostFixture other = new();
        VirtualMachine here = one.Machine;
        VirtualMachine there = RegisterIn(other, here);
        for (int i = 0; i < Rounds; i++)
        {
            Task<bool>[] both = [Task.Run(() => TryAddDrive(here)), Task.Run(() => TryAddDrive(there))];
            bool[] connected = await Wait.UntilAsync(Task.WhenAll(both), "both to try");

            Assert.That(connected, Is.EquivalentTo((bool[])[true, false]));
            here.RemoveDvdDrive(here.DvdDrives.Single(drive => drive.Location == new DriveLocation(0, 1)));
        }
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
    public async Task No_value_is_lost_when_both_change_the_file_at_once()
    {
        const int Each = 100;
        await using HostFixture one = new();
        await using HostFixture other = new();
        VirtualMachine[] both = [one.Machine, RegisterIn(other, one.Machine)];

        await TogetherAsync(
            Each,
            i => both[0].ConfigurationValues.SetValue($"customer/w0/n{i}", i),
            i => both[1].ConfigurationValues.SetValue($"customer/w1/n{i}", i));

        foreach (VirtualMachine machine in both)
        {
            string[] lost =
            [
                .. Enumerable.Range(0, Each).SelectMany(i => (string[])[$"customer/w0/n{i}", $"customer/w1/n{i}"])
                    .Where(key => !machine.ConfigurationValues.TryGetValue(key, out _)),
            ];
            Assert.That(lost, Is.Empty);
        }

        Assert.That(Directory.GetFiles(Path.GetDirectoryName(both[0].ConfigurationFile)!, "*.new"), Is.Empty);
    }

    [Test]
    [Platform("Linux", Reason = "It takes a right to make links on Windows.")]
    public async Task A_file_that_one_knows_by_a_link_stays_one_file()
    {
        await using HostFixture one = new();
        await using HostFixture other = new();
        string link = Path.Combine(other.Folder, "Link.vmc");
        File.CreateSymbolicLink(link, one.Machine.ConfigurationFile);
        VirtualMachine there = other.Host.RegisterVirtualMachine(null, link);

        there.Notes = "from there";
        one.Machine.ConfigurationValues.SetValue("customer/n", 1);

        Assert.That(new FileInfo(link).LinkTarget, Is.EqualTo(one.Machine.ConfigurationFile));
        Assert.That(one.Machine.Notes, Is.EqualTo("from there"));
        Assert.That(there.ConfigurationValues.GetValue("customer/n"), Is.EqualTo(1));
    }

    [Test]
    public async Task A_file_that_one_renames_is_not_brought_back_by_a_change_of_the_other()
    {
        const int Rounds = 60;
        await using HostFixture one = new();
        await using HostFixture other = new();
        VirtualMachine here = one.Machine;
        string name = here.Name;
        VirtualMachine there = RegisterIn(other, here);

        await TogetherAsync(
            Rounds,
            i => here.Name = i % 2 == 0 ? "Moved" : name,
            i =>
            {
                try
                {
                    there.ConfigurationValues.SetValue("customer/n", i);
                }
                catch (VirtualMachineException e) when (e.Error is VirtualMachineError.FileNotFound or VirtualMachineError.MachineUnknown)
                {
                    // It is called otherwise just now.
                }
            });

        Assert.That(Directory.GetFiles(Path.GetDirectoryName(here.ConfigurationFile)!, "*.vmc"), Is.EqualTo([here.ConfigurationFile]));
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

        IEnumerable<string?> Locks() =>
            Directory.GetFiles(fixture.Folder, "*.*.lock", SearchOption.AllDirectories).Select(Path.GetFileName);
    }

    /// <summary>
    /// Does things at the same time, round by round, on threads of their own: pool threads might run one after the other and prove nothing.
    /// </summary>
    private static async Task TogetherAsync(int rounds, params Action<int>[] actions)
    {
        using Barrier round = new(actions.Length);
        using CancellationTokenSource failed = new();
        Task[] working = [.. actions.Select(action => Task.Factory.StartNew(
            () =>
            {
                try
                {
                    for (int i = 0; i < rounds; i++)
                    {
                        Assert.That(round.SignalAndWait(Wait.DefaultLimit, failed.Token), Is.True);
                        action(i);
                    }
                }
                catch
                {
                    failed.Cancel();
                    throw;
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default))];
        await Wait.UntilAsync(Task.WhenAll(working), "the rounds");
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

    private static bool TryAddDrive(VirtualMachine machine)
    {
        try
        {
            machine.AddDvdDrive(0, 1);
            return true;
        }
        catch (VirtualMachineException e) when (e.Error == VirtualMachineError.DriveLocationInUse)
        {
            return false;
        }
    }
}

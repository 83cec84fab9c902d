using VpcComApi.VirtualDisks;
using VpcComApi.VirtualMachines.Machines;

namespace VpcComApi.VirtualMachines.Tests.Disks;

/// <summary>A start that accepts changed parents writes into the headers of their children, which it must have for itself.</summary>
[TestFixture]
internal sealed class ChangedParentTests
{
    private HostFixture fixture = null!;
    private HostFixture other = null!;
    private string baseDisk = null!;
    private string middle = null!;
    private string leaf = null!;

    [SetUp]
    public void Make_a_machine_with_a_chain_of_three_images()
    {
        fixture = new HostFixture();
        other = new HostFixture();
        baseDisk = Path.Combine(fixture.Folder, "base.vhd");
        middle = Path.Combine(fixture.Folder, "middle.vhd");
        leaf = Path.Combine(fixture.Folder, "leaf.vhd");
        DiskCreation.CreateDynamic(baseDisk, 5 << 20);
        DiskCreation.CreateDifferencing(middle, baseDisk);
        DiskCreation.CreateDifferencing(leaf, middle);
        fixture.Machine.AddHardDiskConnection(leaf, 0, 0);
    }

    [TearDown]
    public async Task Close_the_applications()
    {
        await fixture.DisposeAsync();
        await other.DisposeAsync();
    }

    [Test]
    public async Task Each_child_above_a_changed_parent_is_accepted_and_the_next_start_needs_nothing()
    {
        Change(baseDisk);

        await HostFixture.SucceedAsync(fixture.Machine.Startup(StartupOption.FixParentTimestampMismatch));

        Assert.That(VirtualDiskInfo.Read(middle).IsParentModified(baseDisk), Is.False);
        Assert.That(VirtualDiskInfo.Read(leaf).IsParentModified(middle), Is.False);
        await HostFixture.SucceedAsync(fixture.Machine.TurnOff());
        await HostFixture.SucceedAsync(fixture.Machine.Startup(StartupOption.Normal));
    }

    [Test]
    public async Task Nothing_is_written_into_an_image_that_a_machine_of_another_data_folder_reads()
    {
        string sibling = Path.Combine(other.Folder, "sibling.vhd");
        DiskCreation.CreateDifferencing(sibling, middle);
        other.Machine.AddHardDiskConnection(sibling, 0, 0);
        await other.StartAsync();
        Change(baseDisk);
        byte[][] before = Contents();

        Assert.That(
            () => fixture.Machine.Startup(StartupOption.FixParentTimestampMismatch),
            Refusals.With(VirtualMachineError.SharingViolation).And.Message.Contains(middle));

        Assert.That(Contents(), Is.EqualTo(before));
        Assert.That(fixture.Machine.State, Is.EqualTo(MachineState.TurnedOff));
        await HostFixture.SucceedAsync(other.Machine.TurnOff());
        await HostFixture.SucceedAsync(fixture.Machine.Startup(StartupOption.FixParentTimestampMismatch));
    }

    [Test]
    public async Task Nothing_is_written_when_another_disk_of_the_machine_is_in_use()
    {
        string second = Path.Combine(fixture.Folder, "second.vhd");
        DiskCreation.CreateDynamic(second, 5 << 20);
        fixture.Machine.AddHardDiskConnection(second, 0, 1);
        other.Machine.AddHardDiskConnection(second, 0, 0);
        await other.StartAsync();
        Change(baseDisk);
        byte[][] before = Contents();

        Assert.That(
            () => fixture.Machine.Startup(StartupOption.FixParentTimestampMismatch), Refusals.With(VirtualMachineError.SharingViolation));

        Assert.That(Contents(), Is.EqualTo(before));
    }

    [Test]
    public async Task Two_disks_of_one_machine_that_share_a_changed_parent_are_both_accepted()
    {
        string sibling = Path.Combine(fixture.Folder, "sibling.vhd");
        DiskCreation.CreateDifferencing(sibling, middle);
        fixture.Machine.AddHardDiskConnection(sibling, 0, 1);
        Change(baseDisk);

        await HostFixture.SucceedAsync(fixture.Machine.Startup(StartupOption.FixParentTimestampMismatch));
        await HostFixture.SucceedAsync(fixture.Machine.TurnOff());

        await HostFixture.SucceedAsync(fixture.Machine.Startup(StartupOption.Normal));
    }

    [Test]
    public async Task Images_that_only_were_accepted_can_be_shared_again_while_the_machine_runs()
    {
        Change(baseDisk);
        await HostFixture.SucceedAsync(fixture.Machine.Startup(StartupOption.FixParentTimestampMismatch));
        string sibling = Path.Combine(other.Folder, "sibling.vhd");
        DiskCreation.CreateDifferencing(sibling, middle);
        other.Machine.AddHardDiskConnection(sibling, 0, 0);

        await other.StartAsync();
    }

    private static void Change(string disk) => File.SetLastWriteTimeUtc(disk, DateTime.UtcNow.AddHours(1));

    private byte[][] Contents() => [.. ((string[])[baseDisk, middle, leaf]).Select(File.ReadAllBytes)];
}

using VpcComApi.TestSupport;
using VpcComApi.VirtualDisks;
using VpcComApi.VirtualMachines.Disks;
using VpcComApi.VirtualMachines.Tasks;

namespace VpcComApi.VirtualMachines.Tests.Disks;

/// <summary>Hard disks as tasks: making, reading, changing them, and the refusals with the contract's errors.</summary>
[TestFixture]
internal sealed class HardDiskTests
{
    [Test]
    public async Task A_disk_is_made_in_a_folder_that_is_made_with_it_and_can_be_read()
    {
        await using HostFixture fixture = new();
        string path = Path.Combine(fixture.Folder, "new", "disk.vhd");

        await HostFixture.SucceedAsync(fixture.Host.CreateDynamicVirtualHardDisk(path, 100));

        HardDisk disk = fixture.Host.GetHardDisk(path);
        Assert.That(disk.Kind, Is.EqualTo(VirtualDiskKind.Dynamic));
        Assert.That(disk.SizeInGuest, Is.EqualTo(100L << 20));
        Assert.That(disk.SizeOnHost, Is.EqualTo(new FileInfo(path).Length));
        Assert.That(() => disk.HostFreeDiskSpace, Refusals.With(VirtualMachineError.BadPathName), "a volume that does not answer");
        fixture.Computer.FreeBytes = 5L << 30;
        Assert.That(disk.HostFreeDiskSpace, Is.EqualTo(5L << 30));
        Assert.That(disk.Parent, Is.Null);
        Assert.That(fixture.Host.GetHardDisk(path), Is.SameAs(disk), "one object a file");
    }

    [Test]
    public async Task A_chain_is_made_converted_merged_and_compacted()
    {
        await using HostFixture fixture = new();
        string bottom = Path.Combine(fixture.Folder, "bottom.vhd");
        string top = Path.Combine(fixture.Folder, "top.vhd");
        await HostFixture.SucceedAsync(fixture.Host.CreateFixedVirtualHardDisk(bottom, 4));
        await HostFixture.SucceedAsync(fixture.Host.CreateDifferencingVirtualHardDisk("top.vhd", bottom));
        Fill(top, 7);
        HardDisk disk = fixture.Host.GetHardDisk(top);
        Assert.That(disk.Parent, Is.SameAs(fixture.Host.GetHardDisk(bottom)));

        await HostFixture.SucceedAsync(disk.MergeTo(Path.Combine(fixture.Folder, "merged.vhd"), VirtualDiskKind.Dynamic));
        await HostFixture.SucceedAsync(disk.Convert(Path.Combine(fixture.Folder, "converted.vhd"), VirtualDiskKind.FixedSize));
        await HostFixture.SucceedAsync(disk.Merge());
        await HostFixture.SucceedAsync(fixture.Host.GetHardDisk(Path.Combine(fixture.Folder, "merged.vhd")).Compact());

        foreach (string name in new[] { "merged.vhd", "converted.vhd", "bottom.vhd", "top.vhd" })
        {
            Assert.That(FirstByte(Path.Combine(fixture.Folder, name)), Is.EqualTo(7), name);
        }
    }

    [Test]
    public async Task A_disk_finds_its_parent_again_when_its_new_path_is_set()
    {
        await using HostFixture fixture = new();
        string parent = Path.Combine(fixture.Folder, "parent.vhd");
        string child = Path.Combine(fixture.Folder, "child.vhd");
        string other = Path.Combine(fixture.Folder, "other.vhd");
        await HostFixture.SucceedAsync(fixture.Host.CreateDynamicVirtualHardDisk(parent, 3));
        await HostFixture.SucceedAsync(fixture.Host.CreateDynamicVirtualHardDisk(other, 3));
        await HostFixture.SucceedAsync(fixture.Host.CreateDifferencingVirtualHardDisk(child, parent));
        string moved = Path.Combine(fixture.Folder, "moved.vhd");
        File.Move(parent, moved);
        HardDisk disk = fixture.Host.GetHardDisk(child);

        Assert.That(() => disk.Parent, Refusals.With(VirtualMachineError.FileNotFound));
        Assert.That(() => disk.Merge(), Refusals.With(VirtualMachineError.ParentPathNotFound));
        Assert.That(() => disk.Parent = fixture.Host.GetHardDisk(other), Refusals.With(VirtualMachineError.ParentMismatch));
        disk.Parent = fixture.Host.GetHardDisk(moved);
        Assert.That(disk.Parent!.File, Is.EqualTo(moved));
        Assert.That(fixture.Host.GetHardDisk(other).Parent, Is.Null);
    }

    [Test]
    public async Task A_cancelled_task_leaves_no_file_and_says_so()
    {
        await using HostFixture fixture = new();
        string path = Path.Combine(fixture.Folder, "large.vhd");
        MachineTask task = fixture.Host.CreateFixedVirtualHardDisk(path, 512);
        Assert.That(task.IsCancelable, Is.True);

        task.Cancel();
        await Wait.UntilAsync(task.Completion, task.Description);

        Assert.That(task.Result, Is.EqualTo(MachineTaskResult.Cancelled));
        Assert.That(task.Error!.Message, Does.Contain(path));
        Assert.That(Directory.GetFiles(fixture.Folder, "large*"), Is.Empty);
    }

    [Test]
    public async Task What_cannot_be_made_is_refused_at_once()
    {
        await using HostFixture fixture = new();
        string taken = Path.Combine(fixture.Folder, "taken.vhd");
        File.WriteAllText(taken, "mine");
        string free = Path.Combine(fixture.Folder, "free.vhd");
        VirtualMachineHost host = fixture.Host;

        Assert.That(() => host.CreateDynamicVirtualHardDisk(free, 0), Refusals.With(VirtualMachineError.InvalidArgument));
        Assert.That(() => host.CreateDynamicVirtualHardDisk(free, -5), Refusals.With(VirtualMachineError.InvalidArgument));
        Assert.That(() => host.CreateDynamicVirtualHardDisk(free, 2), Refusals.With(VirtualMachineError.DiskTooSmall));
        Assert.That(() => host.CreateDynamicVirtualHardDisk(free, 2_088_961), Refusals.With(VirtualMachineError.DiskTooLarge));
        Assert.That(
            () => host.CreateFixedVirtualHardDisk(free, 2_088_960),
            Refusals.With(VirtualMachineError.DiskFull).Or.Property("Error").EqualTo(VirtualMachineError.FileTooLargeForVolume));
        Assert.That(() => host.CreateDynamicVirtualHardDisk(string.Empty, 3), Refusals.With(VirtualMachineError.BadPathName));
        Assert.That(() => host.CreateDynamicVirtualHardDisk("relative.vhd", 3), Refusals.With(VirtualMachineError.BadPathName));
        Assert.That(() => host.CreateDynamicVirtualHardDisk(free + "?", 3), Refusals.With(VirtualMachineError.InvalidPathName));
        Assert.That(
            () => host.CreateDynamicVirtualHardDisk(Path.Combine(fixture.Folder, new string('x', 260)), 3),
            Refusals.With(VirtualMachineError.PathTooLong));
        Assert.That(() => host.CreateDynamicVirtualHardDisk(taken, 3), Refusals.With(VirtualMachineError.AlreadyExists));
        Assert.That(
            () => host.CreateDynamicVirtualHardDisk(Path.Combine(taken, "below.vhd"), 3), Refusals.With(VirtualMachineError.PathNotFound));
        Assert.That(() => host.CreateDifferencingVirtualHardDisk("a.vhd", "b.vhd"), Refusals.With(VirtualMachineError.BadPathName));
        Assert.That(
            () => host.CreateDifferencingVirtualHardDisk(free, Path.Combine(fixture.Folder, "none.vhd")),
            Refusals.With(VirtualMachineError.PathNotFound));
        Assert.That(() => host.CreateDifferencingVirtualHardDisk(free, taken), Refusals.With(VirtualMachineError.InvalidDiskFile));
        Assert.That(() => host.GetHardDisk(free), Refusals.With(VirtualMachineError.FileNotFound));
        Assert.That(
            () => host.GetHardDisk(Path.Combine(fixture.Folder, "no", "disk.vhd")), Refusals.With(VirtualMachineError.PathNotFound));
        Assert.That(File.ReadAllText(taken), Is.EqualTo("mine"));
    }

    [Test]
    public async Task A_file_that_is_no_disk_gives_the_documented_errors_and_is_left_alone()
    {
        await using HostFixture fixture = new();
        string path = Path.Combine(fixture.Folder, "foreign.vhd");
        File.WriteAllText(path, new string('x', 4000));
        HardDisk disk = fixture.Host.GetHardDisk(path);

        Assert.That(() => disk.Kind, Refusals.With(VirtualMachineError.DiskOpenFailed));
        Assert.That(() => disk.SizeInGuest, Refusals.With(VirtualMachineError.DiskOpenFailed));
        Assert.That(disk.SizeOnHost, Is.EqualTo(4000));
        Assert.That(() => disk.Compact(), Refusals.With(VirtualMachineError.InvalidDiskFile));
        Assert.That(
            () => disk.Convert(Path.Combine(fixture.Folder, "new.vhd"), VirtualDiskKind.Dynamic),
            Refusals.With(VirtualMachineError.InvalidDiskFile));
        Assert.That(File.ReadAllText(path), Is.EqualTo(new string('x', 4000)));
    }

    [Test]
    public async Task An_operation_that_does_not_fit_the_kind_is_refused()
    {
        await using HostFixture fixture = new();
        string path = Path.Combine(fixture.Folder, "fixed.vhd");
        await HostFixture.SucceedAsync(fixture.Host.CreateFixedVirtualHardDisk(path, 3));
        HardDisk disk = fixture.Host.GetHardDisk(path);
        string other = Path.Combine(fixture.Folder, "other.vhd");

        Assert.That(() => disk.Compact(), Refusals.With(VirtualMachineError.WrongDiskKind));
        Assert.That(() => disk.Merge(), Refusals.With(VirtualMachineError.WrongDiskKind));
        Assert.That(() => disk.MergeTo(other, VirtualDiskKind.Dynamic), Refusals.With(VirtualMachineError.WrongDiskKind));
        Assert.That(() => disk.MergeTo(string.Empty, VirtualDiskKind.Dynamic), Refusals.With(VirtualMachineError.InvalidArgument));
        Assert.That(() => disk.Convert(other, VirtualDiskKind.Differencing), Refusals.With(VirtualMachineError.WrongDiskKind));
        Assert.That(
            () => disk.Convert(Path.ChangeExtension(other, ".img"), VirtualDiskKind.Dynamic),
            Refusals.With(VirtualMachineError.InvalidArgument));
        Assert.That(() => disk.Convert(path, VirtualDiskKind.Dynamic), Refusals.With(VirtualMachineError.AlreadyExists));
    }

    private static void Fill(string path, byte value)
    {
        byte[] data = new byte[4096];
        data.AsSpan().Fill(value);
        using VirtualDisk disk = VirtualDisk.Open(path, FileAccess.ReadWrite);
        disk.Write(0, data);
        disk.Flush();
    }

    private static byte FirstByte(string path)
    {
        byte[] data = new byte[512];
        using VirtualDisk disk = VirtualDisk.Open(path, FileAccess.Read);
        disk.Read(0, data);
        return data[0];
    }
}

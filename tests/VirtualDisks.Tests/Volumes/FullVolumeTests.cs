using VpcComApi.TestSupport;
using VpcComApi.VirtualDisks.Media;

namespace VpcComApi.VirtualDisks.Tests.Volumes;

/// <summary>
/// A volume that is really full. Each operation reports that, leaves no incomplete file, leaves every disk with the content it had, and
/// works when there is room.
/// </summary>
[TestFixture]
internal sealed class FullVolumeTests
{
    private const int Megabytes = 64;
    private const long Little = 5L << 20;

    private SmallVolume volume = null!;

    [SetUp]
    public async Task Mount_a_small_volume() => volume = await SmallVolume.CreateAsync(Megabytes);

    [TearDown]
    public async Task Unmount()
    {
        // A skipped test has none.
        if (volume is not null)
        {
            await volume.DisposeAsync();
        }
    }

    [Test]
    public void A_fixed_disk_is_refused() => CheckRefusal(Little, () => DiskCreation.CreateFixed(volume.PathOf("new.vhd"), 2 * Little));

    [Test]
    public void A_dynamic_disk_is_refused() =>
        CheckRefusal(0, () => DiskCreation.CreateDynamic(volume.PathOf("new.vhd"), DiskContent.Size));

    [Test]
    public void A_differencing_disk_is_refused()
    {
        string parent = MakeScribbled("parent.vhd");
        CheckRefusal(0, () => DiskCreation.CreateDifferencing(volume.PathOf("new.vhd"), parent));
    }

    [Test]
    public void A_floppy_disk_is_refused() =>
        CheckRefusal(1 << 20, () => FloppyImage.Create(volume.PathOf("new.vfd"), FloppyImageKind.HighDensity));

    [TestCase(VirtualDiskKind.FixedSize)]
    [TestCase(VirtualDiskKind.Dynamic)]
    public void Conversion_is_refused_and_leaves_the_source(VirtualDiskKind kind)
    {
        string disk = MakeScribbled("disk.vhd");
        CheckRefusal(Little, () => DiskCopy.ToNewImage(disk, volume.PathOf("new.vhd"), kind));
        Assert.That(DiskContent.Read(volume.PathOf("new.vhd")).AsSpan().SequenceEqual(DiskContent.Read(disk)), Is.True);
    }

    [Test]
    public void Compacting_is_refused_and_leaves_the_disk()
    {
        string disk = MakeScribbled("disk.vhd");
        CheckRefusal(Little, () => DiskCompaction.Compact(disk));
    }

    [Test]
    public void Repairing_a_link_is_refused_and_leaves_the_child()
    {
        string parent = MakeScribbled("parent.vhd");
        string child = volume.PathOf("child.vhd");
        DiskCreation.CreateDifferencing(child, parent);
        CheckRefusal(0, () => ParentRepair.SetParent(child, parent));
    }

    [Test]
    public void A_merge_is_refused_and_can_be_done_again()
    {
        string parent = volume.PathOf("parent.vhd");
        string child = volume.PathOf("child.vhd");
        DiskCreation.CreateDynamic(parent, DiskContent.Size);
        DiskCreation.CreateDifferencing(child, parent);
        byte[] content = DiskContent.Scribble(child, seed: 2);

        volume.FillUp(Little);
        Assert.That(() => DiskMerge.IntoParent(child), Refusals.With(VirtualDiskError.DiskFull));

        Assert.That(DiskContent.Read(child).AsSpan().SequenceEqual(content), Is.True, "the child");
        Assert.That(() => DiskContent.Read(parent), Throws.Nothing);
        Assert.That(VirtualDiskInfo.Read(child).IsParentModified(parent), Is.False, "the child still fits its parent");
        volume.MakeRoom();
        DiskMerge.IntoParent(child);
        Assert.That(DiskContent.Read(parent).AsSpan().SequenceEqual(content), Is.True, "the parent, merged again");
        Assert.That(
            new FileInfo(parent).Length, Is.LessThanOrEqualTo(new FileInfo(child).Length), "nothing of the first try takes up room");
    }

    [TestCase(false)]
    [TestCase(true)]
    public void A_disk_that_grows_keeps_what_was_written_and_refuses_the_rest(bool isDifferencing)
    {
        string disk = volume.PathOf("disk.vhd");
        DiskCreation.CreateDynamic(isDifferencing ? volume.PathOf("parent.vhd") : disk, DiskContent.Size);
        if (isDifferencing)
        {
            DiskCreation.CreateDifferencing(disk, volume.PathOf("parent.vhd"));
        }

        const int Step = 1 << 20;
        byte[] before = new byte[DiskContent.Size];
        byte[] data = new byte[DiskContent.Size];
        new Random(1).NextBytes(before.AsSpan(0, Step));
        new Random(2).NextBytes(data);
        using (VirtualDisk open = VirtualDisk.Open(disk, FileAccess.ReadWrite))
        {
            open.Write(0, before.AsSpan(0, Step));
            open.Flush();
        }

        volume.FillUp(0);
        int written = 0;
        using (VirtualDisk open = VirtualDisk.Open(disk, FileAccess.ReadWrite))
        {
            // Existing blocks are overwritten without need of room; there is none for the next block.
            VirtualDiskException? refusal = null;
            for (; written < data.Length && refusal is null; written += Step)
            {
                refusal = Catch(() => open.Write(written, data.AsSpan(written, Math.Min(Step, data.Length - written))));
            }

            written -= Step;
            Assert.That(written, Is.GreaterThan(0));
            Assert.That(refusal?.Error, Is.EqualTo(VirtualDiskError.DiskFull));
            Assert.That(refusal!.Message, Does.Contain(disk).And.Contain("Make room"));
            open.Flush();
        }

        data.AsSpan(0, written).CopyTo(before);
        Assert.That(
            DiskContent.Read(disk).AsSpan().SequenceEqual(before), Is.True, "what was written before, and nothing of what was refused");
        volume.MakeRoom();
        byte[] after = DiskContent.Scribble(disk, seed: 3);
        Assert.That(DiskContent.Read(disk).AsSpan().SequenceEqual(after), Is.True, "written on");
    }

    private static VirtualDiskException? Catch(Action action)
    {
        try
        {
            action();
            return null;
        }
        catch (VirtualDiskException e)
        {
            return e;
        }
    }

    private string MakeScribbled(string name)
    {
        DiskCreation.CreateDynamic(volume.PathOf(name), DiskContent.Size);
        DiskContent.Scribble(volume.PathOf(name), seed: 1);
        return volume.PathOf(name);
    }

    private void CheckRefusal(long room, Action operation)
    {
        List<(string Name, string Hash)> before = Files();
        volume.FillUp(room);

        VirtualDiskException? refusal = Catch(operation);

        Assert.That(refusal?.Error, Is.EqualTo(VirtualDiskError.DiskFull));
        Assert.That(refusal!.Message, Does.Contain(volume.Folder).And.Contain("Make room"));
        Assert.That(Files(), Is.EqualTo(before), "no file more, and none changed");
        volume.MakeRoom();
        operation();
    }

    private List<(string Name, string Hash)> Files() =>
        [.. Directory.GetFiles(volume.Folder).Order().Select(file => (file, DiskContent.HashOf(file)))];
}

using System.Text;
using VpcComApi.TestSupport;
using VpcComApi.VirtualDisks.Files;
using VpcComApi.VirtualDisks.Format;
using VpcComApi.VirtualDisks.Images;

namespace VpcComApi.VirtualDisks.Tests.Operations;

/// <summary>Chains of images: how parents are found, missed, mistaken and repaired.</summary>
[TestFixture]
internal sealed class ChainTests
{
    private TestDirectory folder = null!;
    private string parent = null!;
    private string child = null!;
    private byte[] content = null!;

    [SetUp]
    public void Make_a_chain()
    {
        folder = new TestDirectory();
        parent = folder.PathOf("parent.vhd");
        child = folder.PathOf("child.vhd");
        DiskCreation.CreateDynamic(parent, DiskContent.Size);
        DiskContent.Scribble(parent, seed: 1);
        DiskCreation.CreateDifferencing(child, parent);
        content = DiskContent.Scribble(child, seed: 2);
    }

    [TearDown]
    public void Delete_the_folder() => folder.Dispose();

    [Test]
    public void A_chain_that_is_moved_as_a_whole_stays_whole()
    {
        Directory.CreateDirectory(folder.PathOf("moved"));
        File.Move(parent, folder.PathOf("moved", "parent.vhd"));
        File.Move(child, folder.PathOf("moved", "child.vhd"));

        Assert.That(DiskContent.Read(folder.PathOf("moved", "child.vhd")).AsSpan().SequenceEqual(content), Is.True);
    }

    [Test]
    public void A_child_that_is_moved_alone_finds_its_parent_by_the_absolute_path()
    {
        Directory.CreateDirectory(folder.PathOf("a", "b"));
        File.Move(child, folder.PathOf("a", "b", "child.vhd"));

        Assert.That(DiskContent.Read(folder.PathOf("a", "b", "child.vhd")).AsSpan().SequenceEqual(content), Is.True);
    }

    [Test]
    public void A_parent_is_found_by_the_URL_of_a_Macintosh()
    {
        File.Move(parent, folder.PathOf("a parent.vhd"));
        using (DiskFile file = DiskFile.Open(child, writable: true))
        {
            ImageHead head = ImageHead.Read(file);
            byte[] url = Encoding.UTF8.GetBytes(new Uri(folder.PathOf("a parent.vhd")).AbsoluteUri);
            long end = file.Length;
            byte[] sectors = new byte[512];
            url.CopyTo(sectors, 0);
            file.Write(end, sectors);
            ParentLocator locator = new(ParentLocator.MacUrl, url.Length, end);
            SparseHeader header = head.Header!.WithParent(head.Header.ParentId, head.Header.ParentTimeStamp, "gone.vhd", [locator]);
            file.Write(head.Footer.HeaderOffset, header.Bytes);
            file.Write(end + 512, head.Footer.Bytes);
        }

        Assert.That(DiskContent.Read(child).AsSpan().SequenceEqual(content), Is.True);
    }

    [Test]
    public void A_missing_parent_is_reported_and_repaired()
    {
        File.Move(parent, folder.PathOf("elsewhere.vhd"));

        Assert.That(() => VirtualDisk.Open(child, FileAccess.Read), Refusals.With(VirtualDiskError.ParentNotFound));
        Assert.That(() => VirtualDiskInfo.Read(child).FindParent(), Refusals.With(VirtualDiskError.ParentNotFound));
        ParentRepair.SetParent(child, folder.PathOf("elsewhere.vhd"));
        Assert.That(VirtualDiskInfo.Read(child).FindParent(), Is.EqualTo(folder.PathOf("elsewhere.vhd")));
        Assert.That(DiskContent.Read(child).AsSpan().SequenceEqual(content), Is.True);
    }

    [Test]
    public void Another_image_is_no_parent()
    {
        string other = folder.PathOf("other.vhd");
        DiskCreation.CreateDynamic(other, DiskContent.Size);
        string before = DiskContent.HashOf(child);

        Assert.That(() => ParentRepair.SetParent(child, other), Refusals.With(VirtualDiskError.ParentMismatch));
        Assert.That(() => ParentRepair.SetParent(parent, other), Refusals.With(VirtualDiskError.WrongKind));
        Assert.That(DiskContent.HashOf(child), Is.EqualTo(before));
        File.Move(other, parent, overwrite: true);
        Assert.That(() => VirtualDisk.Open(child, FileAccess.Read), Refusals.With(VirtualDiskError.ParentMismatch));
    }

    [Test]
    public void A_parent_that_has_changed_shows_and_can_be_accepted()
    {
        Assert.That(VirtualDiskInfo.Read(child).IsParentModified(parent), Is.False);
        File.SetLastWriteTimeUtc(parent, DateTime.UtcNow.AddHours(1));
        Assert.That(VirtualDiskInfo.Read(child).IsParentModified(parent), Is.True);

        ParentRepair.AcceptParent(child, parent);

        Assert.That(VirtualDiskInfo.Read(child).IsParentModified(parent), Is.False);
        Assert.That(DiskContent.Read(child).AsSpan().SequenceEqual(content), Is.True);
    }

    [Test]
    public void A_circle_of_images_is_refused()
    {
        string grandchild = folder.PathOf("grandchild.vhd");
        DiskCreation.CreateDifferencing(grandchild, child);
        using (DiskFile file = DiskFile.Open(child, writable: true))
        {
            // As no program writes it: the child names its own child.
            ImageHead head = ImageHead.Read(file);
            long end = file.Length;
            SparseHeader header = new ParentLink(
                child, grandchild, VirtualDiskInfo.Read(grandchild).UniqueId).WriteInto(head.Header!, file, ref end);
            file.Write(head.Footer.HeaderOffset, header.Bytes);
            file.Write(end, head.Footer.Bytes);
        }

        Assert.That(() => VirtualDisk.Open(grandchild, FileAccess.Read), Refusals.With(VirtualDiskError.Damaged));
    }

    [Test]
    public void A_disk_that_is_being_written_is_in_use()
    {
        using VirtualDisk writer = VirtualDisk.Open(child, FileAccess.ReadWrite);

        Assert.That(() => VirtualDisk.Open(child, FileAccess.Read), Refusals.With(VirtualDiskError.InUse));
        Assert.That(() => VirtualDisk.Open(parent, FileAccess.ReadWrite), Refusals.With(VirtualDiskError.InUse));
        Assert.That(writer.Files, Is.EqualTo(new[] { child, parent }));
    }
}

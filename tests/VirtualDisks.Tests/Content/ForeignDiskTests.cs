using VpcComApi.TestSupport;

namespace VpcComApi.VirtualDisks.Tests.Content;

/// <summary>Images in the forms of other programs are read according to the specification, and can be written.</summary>
[TestFixture]
internal sealed class ForeignDiskTests
{
    private const int MegaByte = 1 << 20;
    private const string UnicodeName = "Основа \u00E9\u4E2D disk.vhd";

    private TestDirectory folder = null!;

    [SetUp]
    public void Make_a_folder() => folder = new TestDirectory();

    [TearDown]
    public void Delete_it() => folder.Dispose();

    [TestCase("vpc ", false, false)]
    [TestCase("vpc ", true, false)]
    [TestCase("vbox", false, false)]
    [TestCase("vbox", false, true)]
    [TestCase("d2v ", false, true)]
    [TestCase("qemu", true, false)]
    [TestCase("tap\0", false, false)]
    [TestCase("\0\0\0\0", false, true)]
    public void Its_size_and_content_follow_the_footer_and_the_bitmaps_whatever_program_created_it(
        string creator, bool isFixed, bool hasTableLast)
    {
        // The geometry is smaller than the size, and the last block is incomplete.
        ForeignDisk disk = new((16 * MegaByte) + 512)
        {
            Creator = creator, Geometry = (481, 4, 17), IsFixed = isFixed, HasTableLast = hasTableLast, Blocks = [8, 0, 3],
            IsOwn = sector =>
                sector % 11 != 4,
        };

        AssertReadAndWritten(disk, folder.PathOf("disk.vhd"));
    }

    [TestCase(512 << 10, true)]
    [TestCase(512 << 10, false)]
    [TestCase(1 << 20, false)]
    [TestCase(4 << 20, true)]
    public void Its_blocks_may_have_other_sizes(int blockSize, bool hasTableLast)
    {
        ForeignDisk disk =
            new(20 * MegaByte) { BlockSize = blockSize, HasTableLast = hasTableLast, Blocks = [4, 1], IsOwn = sector => sector % 9 < 5 };

        AssertReadAndWritten(disk, folder.PathOf("disk.vhd"));
    }

    [TestCase("W2ru", @".\" + UnicodeName)]
    [TestCase("W2ru", UnicodeName)]
    [TestCase("W2ru", @"..\there\" + UnicodeName)]
    [TestCase("W2ku", @"C:\gone\" + UnicodeName)]
    [TestCase("MacX", "file://localhost/gone/" + UnicodeName)]
    [TestCase("", "")]
    public void Its_parent_is_found_by_any_place_or_beside_it_by_its_name(string platform, string place)
    {
        string home = Directory.CreateDirectory(folder.PathOf("there")).FullName;
        ForeignDisk parent = new(16 * MegaByte) { Blocks = [0, 2], IsOwn = sector => sector % 3 != 0, BlockSize = 512 << 10 };
        ForeignDisk child = new(16 * MegaByte)
        {
            Parent = parent,
            ParentName = UnicodeName,
            ParentPlaces = platform.Length == 0 ? [] : [(platform, place)],
            Seed = 2,
            Blocks = [0, 5],
            IsOwn = sector => sector % 7 == 3,
        };
        parent.Write(Path.Combine(home, UnicodeName));

        AssertReadAndWritten(child, Path.Combine(home, "child.vhd"));
    }

    [Test]
    public void A_child_may_be_larger_than_its_parent()
    {
        ForeignDisk parent = new(8 * MegaByte) { Blocks = [0, 3] };
        ForeignDisk child =
            new(16 * MegaByte) { Parent = parent, ParentName = "parent.vhd", Seed = 2, Blocks = [3, 7], IsOwn = sector => sector % 2 == 0 };
        parent.Write(folder.PathOf("parent.vhd"));

        AssertReadAndWritten(child, folder.PathOf("child.vhd"));
    }

    private static void AssertReadAndWritten(ForeignDisk disk, string path)
    {
        disk.Write(path);
        byte[] content = disk.Expect(0, (int)disk.Size);

        Assert.That(VirtualDiskInfo.Read(path).Size, Is.EqualTo(disk.Size));
        Assert.That(DiskContent.Read(path).AsSpan().SequenceEqual(content), Is.True, "other bytes were read");

        byte[] changed = DiskContent.Scribble(path, seed: 11);
        Assert.That(DiskContent.Read(path).AsSpan().SequenceEqual(changed), Is.True, "our changes were read otherwise");
    }
}

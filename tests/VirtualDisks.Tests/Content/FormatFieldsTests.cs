using System.Buffers.Binary;
using System.Text;
using VpcComApi.TestSupport;

namespace VpcComApi.VirtualDisks.Tests.Content;

/// <summary>The fields of the images made here, as the specification has them. Offsets are the specification's.</summary>
[TestFixture]
internal sealed class FormatFieldsTests
{
    private static readonly DateTime Epoch = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private TestDirectory folder = null!;

    [SetUp]
    public void Make_a_folder() => folder = new TestDirectory();

    [TearDown]
    public void Delete_the_folder() => folder.Dispose();

    [Test]
    public void A_fixed_image_is_its_content_and_a_footer()
    {
        string path = folder.PathOf("fixed.vhd");
        DiskCreation.CreateFixed(path, 40 << 20);

        byte[] file = File.ReadAllBytes(path);
        Span<byte> footer = file.AsSpan(^512..);
        Assert.That(file, Has.Length.EqualTo((40 << 20) + 512));
        Assert.That(file.AsSpan(..^512).ContainsAnyExcept((byte)0), Is.False);
        CheckFooter(footer, size: 40 << 20, type: 2);
        Assert.That(U64(footer, 16), Is.EqualTo(ulong.MaxValue), "data offset");
        Assert.That(U16(footer, 56), Is.EqualTo(963), "cylinders");
        Assert.That(footer[58], Is.EqualTo(5), "heads");
        Assert.That(footer[59], Is.EqualTo(17), "sectors");
    }

    [Test]
    public void A_dynamic_image_has_a_copy_of_its_footer_a_header_and_an_empty_table()
    {
        string path = folder.PathOf("dynamic.vhd");
        DiskCreation.CreateDynamic(path, 100 << 20);

        byte[] file = File.ReadAllBytes(path);
        Assert.That(file.AsSpan(0, 512).SequenceEqual(file.AsSpan(^512..)), Is.True, "the copy is the footer");
        CheckFooter(file.AsSpan(0, 512), size: 100 << 20, type: 3);
        Span<byte> header = file.AsSpan((int)U64(file, 16), 1024);
        CheckHeader(header, entries: 50);
        Span<byte> table = file.AsSpan((int)U64(header, 16), 512);
        Assert.That(table.ContainsAnyExcept((byte)0xFF), Is.False, "no block is there, and the table is padded");
        Assert.That(header[40..56].ContainsAnyExcept((byte)0), Is.False, "no parent's id");
    }

    [Test]
    public void A_differencing_image_names_its_parent_in_four_ways()
    {
        string parent = folder.PathOf("parent.vhd");
        Directory.CreateDirectory(folder.PathOf("children"));
        string path = folder.PathOf("children", "child.vhd");
        DiskCreation.CreateDynamic(parent, 100 << 20);
        DiskCreation.CreateDifferencing(path, parent);

        byte[] file = File.ReadAllBytes(path);
        CheckFooter(file.AsSpan(0, 512), size: 100 << 20, type: 4);
        Span<byte> header = file.AsSpan((int)U64(file, 16), 1024);
        CheckHeader(header, entries: 50);
        Assert.That(header[40..56].SequenceEqual(File.ReadAllBytes(parent).AsSpan(68, 16)), Is.True, "the parent's id");
        Assert.That(Epoch.AddSeconds(U32(header, 56)), Is.EqualTo(File.GetLastWriteTimeUtc(parent)).Within(TimeSpan.FromSeconds(1)));
        Assert.That(Encoding.BigEndianUnicode.GetString(header[64..576]).TrimEnd('\0'), Is.EqualTo("parent.vhd"));
        Dictionary<string, string> locators = [];
        for (int entry = 576; U32(header, entry) != 0; entry += 24)
        {
            int length = (int)U32(header, entry + 8);
            Assert.That(U32(header, entry + 4), Is.EqualTo((length + 511) / 512 * 512), "room for the path");
            locators.Add(
                Encoding.ASCII.GetString(header.Slice(entry, 4)), Encoding.Unicode.GetString(file, (int)U64(header, entry + 16), length));
        }

        Assert.That(locators["W2ku"], Is.EqualTo(parent));
        Assert.That(locators["W2ru"], Is.EqualTo(@"..\parent.vhd"));
    }

    [Test]
    public void Two_images_never_have_the_same_id()
    {
        DiskCreation.CreateDynamic(folder.PathOf("1.vhd"), 3 << 20);
        DiskCreation.CreateDynamic(folder.PathOf("2.vhd"), 3 << 20);

        Assert.That(
            VirtualDiskInfo.Read(folder.PathOf("1.vhd")).UniqueId, Is.Not.EqualTo(VirtualDiskInfo.Read(folder.PathOf("2.vhd")).UniqueId));
    }

    [Test]
    public void The_largest_disk_is_2040_GB_and_the_smallest_3_MB()
    {
        string path = folder.PathOf("disk.vhd");
        DiskCreation.CreateDynamic(path, VirtualDiskLimits.MaximumSize);

        Assert.That(VirtualDiskInfo.Read(path).Size, Is.EqualTo(2_190_433_320_960));
        Assert.That(new FileInfo(path).Length, Is.LessThan(5 << 20));
        Assert.That(
            () => DiskCreation.CreateDynamic(
                folder.PathOf("2"), VirtualDiskLimits.MaximumSize + 512), Refusals.With(VirtualDiskError.TooLarge));
        Assert.That(() => DiskCreation.CreateFixed(folder.PathOf("2"), (3 << 20) - 512), Refusals.With(VirtualDiskError.TooSmall));
        Assert.That(Directory.GetFiles(folder.FullPath), Has.Length.EqualTo(1));
    }

    private static void CheckFooter(Span<byte> footer, long size, uint type)
    {
        Assert.That(Encoding.ASCII.GetString(footer[..8]), Is.EqualTo("conectix"));
        Assert.That(U32(footer, 8), Is.EqualTo(2), "features");
        Assert.That(U32(footer, 12), Is.EqualTo(0x10000), "version");
        Assert.That(Epoch.AddSeconds(U32(footer, 24)), Is.EqualTo(DateTime.UtcNow).Within(TimeSpan.FromMinutes(2)), "time stamp");
        Assert.That(Encoding.ASCII.GetString(footer.Slice(36, 4)), Is.EqualTo("Wi2k"), "creator's host");
        Assert.That(U64(footer, 40), Is.EqualTo(size), "original size");
        Assert.That(U64(footer, 48), Is.EqualTo(size), "current size");
        Assert.That(U32(footer, 60), Is.EqualTo(type), "type");
        Assert.That(U32(footer, 64), Is.EqualTo(SumOf(footer, 64)), "checksum");
        Assert.That(footer[84], Is.Zero, "saved state");
    }

    private static void CheckHeader(Span<byte> header, uint entries)
    {
        Assert.That(Encoding.ASCII.GetString(header[..8]), Is.EqualTo("cxsparse"));
        Assert.That(U64(header, 8), Is.EqualTo(ulong.MaxValue), "data offset");
        Assert.That(U32(header, 24), Is.EqualTo(0x10000), "version");
        Assert.That(U32(header, 28), Is.EqualTo(entries), "table entries");
        Assert.That(U32(header, 32), Is.EqualTo(2 << 20), "block size");
        Assert.That(U32(header, 36), Is.EqualTo(SumOf(header, 36)), "checksum");
    }

    private static uint SumOf(Span<byte> structure, int checksumOffset)
    {
        uint sum = 0;
        for (int i = 0; i < structure.Length; i++)
        {
            sum += i - checksumOffset is >= 0 and < 4 ? 0u : structure[i];
        }

        return ~sum;
    }

    private static ushort U16(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt16BigEndian(bytes[offset..]);

    private static uint U32(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt32BigEndian(bytes[offset..]);

    private static ulong U64(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt64BigEndian(bytes[offset..]);
}

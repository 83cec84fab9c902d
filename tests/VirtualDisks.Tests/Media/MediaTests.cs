using System.Text;
using VpcComApi.TestSupport;
using VpcComApi.VirtualDisks.Media;

namespace VpcComApi.VirtualDisks.Tests.Media;

/// <summary>Images of floppy disks and of discs.</summary>
[TestFixture]
internal sealed class MediaTests
{
    private TestDirectory folder = null!;

    [SetUp]
    public void Make_a_folder() => folder = new TestDirectory();

    [TearDown]
    public void Delete_the_folder() => folder.Dispose();

    [TestCase(737_280, FloppyImageKind.LowDensity)]
    [TestCase(1_474_560, FloppyImageKind.HighDensity)]
    [TestCase(1_720_320, FloppyImageKind.DistributionMedia)]
    [TestCase(368_640, FloppyImageKind.LowDensitySingleSided)]
    [TestCase(1_228_800, FloppyImageKind.MediumDensity)]
    [TestCase(1_884_160, FloppyImageKind.HighDensityMixedSectors)]
    [TestCase(1_474_561, FloppyImageKind.Unknown)]
    [TestCase(0, FloppyImageKind.Unknown)]
    public void A_floppy_image_is_known_by_its_length(int length, FloppyImageKind kind)
    {
        string path = folder.PathOf("disk.vfd");
        File.WriteAllBytes(path, new byte[length]);

        Assert.That(FloppyImage.KindOf(path), Is.EqualTo(kind));
    }

    [TestCase(FloppyImageKind.LowDensity, 0xF9, 9)]
    [TestCase(FloppyImageKind.HighDensity, 0xF0, 18)]
    public void A_new_floppy_is_formatted(FloppyImageKind kind, int media, int sectorsPerTrack)
    {
        string path = folder.PathOf("disk.vfd");
        FloppyImage.Create(path, kind);

        byte[] disk = File.ReadAllBytes(path);
        int sectors = BitConverter.ToUInt16(disk, 19);
        int sectorsPerTable = BitConverter.ToUInt16(disk, 22);
        Assert.That(FloppyImage.KindOf(path), Is.EqualTo(kind));
        Assert.That(sectors * 512, Is.EqualTo(disk.Length));
        Assert.That(BitConverter.ToUInt16(disk, 24), Is.EqualTo(sectorsPerTrack));
        Assert.That(disk[21], Is.EqualTo(media));
        Assert.That(Encoding.ASCII.GetString(disk, 54, 8), Is.EqualTo("FAT12   "));
        Assert.That(BitConverter.ToUInt16(disk, 510), Is.EqualTo(0xAA55));
        foreach (int table in new[] { 512, (1 + sectorsPerTable) * 512 })
        {
            Assert.That(disk.AsSpan(table, 4).SequenceEqual((ReadOnlySpan<byte>)[(byte)media, 0xFF, 0xFF, 0]), Is.True);
        }

        // The tables have an entry of 12 bits for each cluster, and no more sectors than that takes.
        int clusters = (sectors - 1 - (2 * sectorsPerTable) - (BitConverter.ToUInt16(disk, 17) * 32 / 512)) / disk[13];
        Assert.That(((clusters + 2) * 3 / 2 + 511) / 512, Is.EqualTo(sectorsPerTable));
    }

    [Test]
    public void A_floppy_does_not_replace_a_file()
    {
        string path = folder.WriteText("disk.vfd", "mine");

        Assert.That(() => FloppyImage.Create(path, FloppyImageKind.HighDensity), Refusals.With(VirtualDiskError.AlreadyExists));
        Assert.That(File.ReadAllText(path), Is.EqualTo("mine"));
    }

    [Test]
    public void Other_floppies_are_not_made() =>
        Assert.That(
            () => FloppyImage.Create(folder.PathOf("x"), FloppyImageKind.DistributionMedia), Throws.TypeOf<ArgumentOutOfRangeException>());

    [TestCase("CD001", null, true)]
    [TestCase("BEA01", "NSR02", true)]
    [TestCase("BEA01", "NSR03", true)]
    [TestCase("BEA01", "TEA01", false)]
    [TestCase("CD-I ", null, false)]
    public void A_disc_image_is_known_by_its_descriptors(string first, string? second, bool isDisc)
    {
        byte[] disc = new byte[40 * 2048];
        Encoding.ASCII.GetBytes(first).CopyTo(disc, (16 * 2048) + 1);
        Encoding.ASCII.GetBytes(second ?? string.Empty).CopyTo(disc, (17 * 2048) + 1);
        string path = folder.PathOf("disc.iso");
        File.WriteAllBytes(path, disc);

        Assert.That(OpticalImage.IsOpticalImage(path), Is.EqualTo(isDisc));
    }

    [Test]
    public void A_file_that_is_too_short_is_no_disc() =>
        Assert.That(OpticalImage.IsOpticalImage(folder.WriteText("short.iso", "CD001")), Is.False);
}

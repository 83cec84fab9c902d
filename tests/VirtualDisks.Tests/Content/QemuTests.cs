using VpcComApi.TestSupport;

namespace VpcComApi.VirtualDisks.Tests.Content;

/// <summary>qemu-img reads what is written here, and what it writes is read here, byte for byte.</summary>
[TestFixture]
internal sealed class QemuTests
{
    [SetUp]
    public void Require_qemu_img() => ToolRequirement.Require(QemuImage.Tool);

    [TestCase(VirtualDiskKind.FixedSize)]
    [TestCase(VirtualDiskKind.Dynamic)]
    public void It_reads_our_images(VirtualDiskKind kind)
    {
        using TestDirectory folder = new();
        string path = folder.PathOf("ours.vhd");
        if (kind == VirtualDiskKind.FixedSize)
        {
            DiskCreation.CreateFixed(path, DiskContent.Size);
        }
        else
        {
            DiskCreation.CreateDynamic(path, DiskContent.Size);
        }

        byte[] content = DiskContent.Scribble(path, seed: 3);
        string raw = folder.PathOf("ours.raw");
        QemuImage.Run("convert", "-f", "vpc", "-O", "raw", path, raw);

        Assert.That(File.ReadAllBytes(raw).AsSpan().SequenceEqual(content), Is.True, "qemu-img read other bytes");
        Assert.That(QemuImage.Run("info", "-f", "vpc", path), Does.Contain($"({DiskContent.Size} bytes)"));
    }

    [Test]
    public void It_finds_no_fault_in_an_image_that_was_compacted()
    {
        using TestDirectory folder = new();
        string path = folder.PathOf("ours.vhd");
        DiskCreation.CreateDynamic(path, DiskContent.Size);
        byte[] content = DiskContent.Scribble(path, seed: 4);
        DiskCompaction.Compact(path);
        string raw = folder.PathOf("ours.raw");
        QemuImage.Run("convert", "-f", "vpc", "-O", "raw", path, raw);

        Assert.That(File.ReadAllBytes(raw).AsSpan().SequenceEqual(content), Is.True, "qemu-img read other bytes");
    }

    [TestCase("fixed", VirtualDiskKind.FixedSize)]
    [TestCase("dynamic", VirtualDiskKind.Dynamic)]
    public void We_read_its_images(string subformat, VirtualDiskKind kind)
    {
        using TestDirectory folder = new();
        byte[] content = new byte[DiskContent.Size];
        Random random = new(5);
        random.NextBytes(content.AsSpan(3 << 20, 1 << 20));
        random.NextBytes(content.AsSpan(DiskContent.Size - 700, 700));
        string raw = folder.PathOf("theirs.raw");
        string path = folder.PathOf("theirs.vhd");
        File.WriteAllBytes(raw, content);
        QemuImage.Run("convert", "-f", "raw", "-O", "vpc", "-o", $"subformat={subformat},force_size=on", raw, path);

        VirtualDiskInfo info = VirtualDiskInfo.Read(path);

        Assert.That(info.Kind, Is.EqualTo(kind));
        Assert.That(info.Size, Is.EqualTo(content.Length));
        Assert.That(DiskContent.Read(path).AsSpan().SequenceEqual(content), Is.True, "other bytes were read");
        byte[] changed = DiskContent.Scribble(path, seed: 6);
        string back = folder.PathOf("back.raw");
        QemuImage.Run("convert", "-f", "vpc", "-O", "raw", path, back);
        Assert.That(File.ReadAllBytes(back).AsSpan().SequenceEqual(changed), Is.True, "our changes were read otherwise");
    }
}

using CsCheck;
using VpcComApi.TestSupport;

namespace VpcComApi.VirtualDisks.Tests.Content;

/// <summary>
/// Random writes and reads of an image and of an array of bytes: everything that is written is read again, with every kind of image and
/// chain.
/// </summary>
[TestFixture]
internal sealed class RandomWritesTests
{
    private const int Size = (5 << 20) + 1536;
    private const int Sectors = Size / 512;

    private static readonly Gen<(int First, int Count, byte Fill, bool Reopen)> Write =
        Gen.Select(Gen.Int[0, Sectors - 1], Gen.Int[1, 5000], Gen.Byte, Gen.Int[0, 9].Select(number => number == 0));

    [TestCase("fixed")]
    [TestCase("dynamic")]
    [TestCase("differencing over fixed")]
    [TestCase("differencing over dynamic")]
    [TestCase("three images")]
    public void What_is_written_is_read(string images) => Write.Array[1, 30].Sample(
        writes =>
        {
            using TestDirectory folder = new();
            string path = Make(folder, images);
            byte[] model = DiskContent.Read(path);
            VirtualDisk disk = VirtualDisk.Open(path, FileAccess.ReadWrite);
            try
            {
                foreach ((int first, int count, byte fill, bool reopen) in writes)
                {
                    Span<byte> piece = model.AsSpan(first * 512, Math.Min(count, Sectors - first) * 512);
                    piece.Fill(fill);
                    disk.Write(first * 512L, piece);
                    if (reopen)
                    {
                        disk.Flush();
                        disk.Dispose();
                        disk = VirtualDisk.Open(path, FileAccess.ReadWrite);
                    }

                    byte[] read = new byte[Math.Min(piece.Length + 8192, Size - (first * 512))];
                    disk.Read(first * 512L, read);
                    if (!read.AsSpan().SequenceEqual(model.AsSpan(first * 512, read.Length)))
                    {
                        return false;
                    }
                }

                disk.Flush();
            }
            finally
            {
                disk.Dispose();
            }

            return DiskContent.Read(path).AsSpan().SequenceEqual(model);
        },
        iter: 15,
        threads: 1);

    [Test]
    public void Reading_over_the_end_or_between_sectors_is_refused()
    {
        using TestDirectory folder = new();
        string path = Make(folder, "dynamic");
        using VirtualDisk disk = VirtualDisk.Open(path, FileAccess.ReadWrite);

        Assert.That(() => disk.Read(Size - 512, new byte[1024]), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => disk.Read(1, new byte[512]), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => disk.Write(-512, new byte[512]), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => disk.Write(0, new byte[100]), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Zeros_do_not_make_a_dynamic_image_grow()
    {
        using TestDirectory folder = new();
        string path = Make(folder, "dynamic");
        long length = new FileInfo(path).Length;

        using (VirtualDisk disk = VirtualDisk.Open(path, FileAccess.ReadWrite))
        {
            disk.Write(0, new byte[4 << 20]);
            disk.Flush();
        }

        Assert.That(new FileInfo(path).Length, Is.EqualTo(length));
    }

    private static string Make(TestDirectory folder, string images)
    {
        string path = folder.PathOf("disk.vhd");
        switch (images)
        {
            case "fixed":
                DiskCreation.CreateFixed(path, Size);
                return path;
            case "dynamic":
                DiskCreation.CreateDynamic(path, Size);
                return path;
            case "differencing over fixed":
                DiskCreation.CreateFixed(folder.PathOf("base.vhd"), Size);
                break;
            default:
                DiskCreation.CreateDynamic(folder.PathOf("base.vhd"), Size);
                break;
        }

        string parent = folder.PathOf("base.vhd");
        DiskContent.Scribble(parent, seed: 1);
        if (images == "three images")
        {
            DiskCreation.CreateDifferencing(folder.PathOf("middle.vhd"), parent);
            parent = folder.PathOf("middle.vhd");
            DiskContent.Scribble(parent, seed: 2);
        }

        DiskCreation.CreateDifferencing(path, parent);
        return path;
    }
}

using VpcComApi.TestSupport;
using VpcComApi.VirtualDisks.Files;
using VpcComApi.VirtualDisks.Images;

namespace VpcComApi.VirtualDisks.Tests.Crashes;

/// <summary>
/// A crash after each write and flush, when the disk has written any subset of the unflushed sectors. The image can be opened, flushed
/// content is there, and every sector has its old content or that of the write.
/// </summary>
[TestFixture]
internal sealed class CrashTests
{
    private const int Size = (6 << 20) + 512;

    private TestDirectory folder = null!;
    private string path = null!;

    [SetUp]
    public void Make_a_folder()
    {
        folder = new TestDirectory();
        path = folder.PathOf("disk.vhd");
    }

    [TearDown]
    public void Delete_the_folder() => folder.Dispose();

    [Test]
    public void Writing_to_a_dynamic_image_survives_a_crash_anywhere()
    {
        DiskCreation.CreateDynamic(path, Size);
        Check(image => Write(image, 2), new byte[Size]);
    }

    [Test]
    public void Writing_to_a_differencing_image_survives_a_crash_anywhere()
    {
        string parent = folder.PathOf("parent.vhd");
        DiskCreation.CreateDynamic(parent, Size);
        byte[] below = DiskContent.Scribble(parent, seed: 1);
        DiskCreation.CreateDifferencing(path, parent);
        Check(image => Write(image, 2), below);
    }

    [Test]
    public void Merging_survives_a_crash_anywhere_and_can_be_done_again()
    {
        DiskCreation.CreateDynamic(path, Size);
        DiskContent.Scribble(path, seed: 1);
        string child = folder.PathOf("child.vhd");
        DiskCreation.CreateDifferencing(child, path);
        byte[] wanted = DiskContent.Scribble(child, seed: 2);
        RecordingFile file = new(path, File.ReadAllBytes(path));
        using (DiskImage parent = Open(file))
        using (SparseImage own = DiskChain.OfFiles.OpenWithoutParents(child))
        {
            DiskMerge.Copy(own, parent, null, CancellationToken.None);
        }

        foreach ((int step, byte[] left) in Crashes(file))
        {
            File.WriteAllBytes(path, left);
            Assert.That(DiskContent.Read(child).AsSpan().SequenceEqual(wanted), Is.True, $"the child after step {step}");
            DiskMerge.IntoParent(child);
            Assert.That(DiskContent.Read(path).AsSpan().SequenceEqual(wanted), Is.True, $"the parent, merged again after step {step}");
        }
    }

    [Test]
    public void Repairing_a_link_survives_a_crash_anywhere()
    {
        string parent = folder.PathOf("parent.vhd");
        DiskCreation.CreateDynamic(parent, Size);
        DiskCreation.CreateDifferencing(path, parent);
        byte[] content = DiskContent.Scribble(path, seed: 1);
        RecordingFile file = new(path, File.ReadAllBytes(path));
        ParentRepair.Relink(file, parent, VirtualDiskInfo.Read(parent).UniqueId);
        ParentRepair.AcceptTimeStamp(file, 12_345);

        foreach ((int step, byte[] left) in Crashes(file))
        {
            File.WriteAllBytes(path, left);
            Assert.That(DiskContent.Read(path).AsSpan().SequenceEqual(content), Is.True, $"after step {step}");
        }
    }

    private static void Write(DiskImage image, int seed)
    {
        Random random = new(seed);
        for (int i = 0; i < 12; i++)
        {
            int first = random.Next(Size / 512);
            byte[] data = new byte[Math.Min(random.Next(1, 40), (Size / 512) - first) * 512];
            random.NextBytes(data);
            image.Write(first * 512L, data);
            if (i % 5 == 4)
            {
                image.Flush();
            }
        }

        image.Flush();
    }

    private static DiskImage Open(RecordingFile file) =>
        new DiskChain((path, writable) => path == file.Path ? file : DiskFile.Open(path, writable)).Open(file.Path, writable: true);

    private static IEnumerable<(int Step, byte[] Left)> Crashes(RecordingFile file)
    {
        Random random = new(7);
        for (int step = 0; step <= file.Steps; step++)
        {
            yield return (step, file.AfterCrash(step, random));
            yield return (step, file.AfterCrash(step, random));
        }
    }

    private void Check(Action<DiskImage> work, byte[] before)
    {
        RecordingFile file = new(path, File.ReadAllBytes(path));
        RecordingImage model = new(before);
        using (DiskImage image = Open(file))
        {
            model.Follow(image, file);
            work(model);
        }

        foreach ((int step, byte[] left) in Crashes(file))
        {
            File.WriteAllBytes(path, left);
            byte[] read = DiskContent.Read(path);
            model.Verify(read, step);

            // And it can be written on.
            byte[] after = DiskContent.Scribble(path, seed: step);
            Assert.That(DiskContent.Read(path).AsSpan().SequenceEqual(after), Is.True, $"written on after step {step}");
        }
    }
}

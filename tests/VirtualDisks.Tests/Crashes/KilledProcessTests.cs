using System.Diagnostics;
using System.Globalization;
using VpcComApi.DiskWorker;
using VpcComApi.TestSupport;

namespace VpcComApi.VirtualDisks.Tests.Crashes;

/// <summary>
/// A real process is killed at random moments of its work on real images, and what it left is read by us and by qemu-img. (What a loss of
/// power leaves, where the disk has written some sectors and not others, is what <see cref="CrashTests"/> is for.)
/// </summary>
[TestFixture]
internal sealed class KilledProcessTests
{
    /// <summary>Set it for a longer run than is good for every day.</summary>
    private const string KillsVariable = "VPCCOMAPI_DISK_KILLS";

    private const int Size = 32 << 20;

    private static readonly int Kills = int.Parse(Environment.GetEnvironmentVariable(KillsVariable) ?? "8", CultureInfo.InvariantCulture);

    private readonly Random random = new(11);
    private TestDirectory folder = null!;
    private string image = null!;
    private string parent = null!;

    [SetUp]
    public void Make_a_folder()
    {
        ToolRequirement.Require(QemuImage.Tool);
        folder = new TestDirectory();
        image = folder.PathOf("disk.vhd");
        parent = folder.PathOf("parent.vhd");
    }

    [TearDown]
    public void Delete_the_folder() => folder?.Dispose();

    [Test]
    public Task Writing_to_a_dynamic_image_survives_a_kill()
    {
        DiskCreation.CreateDynamic(image, Size);
        return KillManyAsync("write", async worker =>
        {
            byte[] left = CheckWrites(new byte[Size], worker.Output);
            Assert.That(QemuImage.Read(image).AsSpan().SequenceEqual(left), Is.True, "qemu-img reads other bytes");
            await WriteOnAsync(image);
        });
    }

    [Test]
    public Task Writing_to_a_differencing_image_survives_a_kill()
    {
        DiskCreation.CreateDynamic(parent, Size);
        byte[] below = DiskContent.Scribble(parent, seed: 1);
        DiskCreation.CreateDifferencing(image, parent);
        string hash = DiskContent.HashOf(parent);
        return KillManyAsync("write", async worker =>
        {
            byte[] left = CheckWrites(below, worker.Output);
            Assert.That(DiskContent.HashOf(parent), Is.EqualTo(hash), "the parent was changed");
            string merged = folder.PathOf("merged.vhd");
            DiskCopy.ToNewImage(image, merged, VirtualDiskKind.Dynamic);
            Assert.That(QemuImage.Read(merged).AsSpan().SequenceEqual(left), Is.True, "qemu-img reads other bytes");
            File.Delete(merged);
            await WriteOnAsync(image);
        });
    }

    [Test]
    public Task A_killed_merge_leaves_the_child_as_it_was_and_can_be_done_again()
    {
        DiskCreation.CreateDynamic(parent, Size);
        DiskContent.Scribble(parent, seed: 1);
        DiskCreation.CreateDifferencing(image, parent);
        DiskContent.Scribble(image, seed: 2);
        byte[] wanted = DiskContent.Scribble(image, seed: 3);
        return KillManyAsync("merge", worker =>
        {
            Assert.That(DiskContent.Read(image).AsSpan().SequenceEqual(wanted), Is.True, "the child");
            Assert.That(
                QemuImage.Read(parent).AsSpan().SequenceEqual(DiskContent.Read(parent)),
                Is.True,
                "qemu-img reads other bytes from the parent");
            DiskMerge.IntoParent(image);
            Assert.That(QemuImage.Read(parent).AsSpan().SequenceEqual(wanted), Is.True, "the parent, merged again");
            return Task.CompletedTask;
        });
    }

    [Test]
    public Task A_killed_compaction_leaves_the_content_and_can_be_done_again()
    {
        DiskCreation.CreateDynamic(image, Size);
        DiskContent.Scribble(image, seed: 1);
        byte[] content = DiskContent.Scribble(image, seed: 2);
        return KillManyAsync("compact", worker =>
        {
            Assert.That(DiskContent.Read(image).AsSpan().SequenceEqual(content), Is.True);
            Assert.That(QemuImage.Read(image).AsSpan().SequenceEqual(content), Is.True, "qemu-img reads other bytes");
            DiskCompaction.Compact(image);
            Assert.That(QemuImage.Read(image).AsSpan().SequenceEqual(content), Is.True, "compacted again");
            Assert.That(Directory.GetFiles(folder.FullPath), Is.EqualTo(new[] { image }), "nothing of the first try is left");
            return Task.CompletedTask;
        });
    }

    [TestCase("convert-dynamic", VirtualDiskKind.Dynamic)]
    [TestCase("convert-fixed", VirtualDiskKind.FixedSize)]
    public Task A_killed_conversion_leaves_the_whole_new_image_or_none(string operation, VirtualDiskKind kind)
    {
        DiskCreation.CreateDynamic(image, Size);
        DiskContent.Scribble(image, seed: 1);
        byte[] content = DiskContent.Scribble(image, seed: 2);
        string hash = DiskContent.HashOf(image);
        string converted = folder.PathOf("new.vhd");
        return KillManyAsync(operation, worker =>
        {
            Assert.That(DiskContent.HashOf(image), Is.EqualTo(hash), "the source was changed");
            if (!File.Exists(converted))
            {
                DiskCopy.ToNewImage(image, converted, kind);
            }

            Assert.That(QemuImage.Read(converted).AsSpan().SequenceEqual(content), Is.True, "whole, or not there");
            File.Delete(converted);
            Assert.That(Directory.GetFiles(folder.FullPath), Is.EqualTo(new[] { image }), "nothing of the first try is left");
            return Task.CompletedTask;
        });
    }

    /// <summary>Kills a worker at random moments between the beginning of its work and the end, each time from the same images.</summary>
    private async Task KillManyAsync(string operation, Func<RunningProgram, Task> check)
    {
        Dictionary<string, byte[]> images = Directory.GetFiles(folder.FullPath).ToDictionary(file => file, File.ReadAllBytes);
        TimeSpan whole = await RunToEndAsync(operation);
        int inMidWork = 0;
        for (int kill = 0; kill < Kills; kill++)
        {
            Restore(images);
            await using (RunningProgram worker = StartWorker(operation))
            {
                await worker.WaitForOutputAsync("begin");

                // Not to make anything pass: the moment is to be any.
                await Task.Delay(whole * random.NextDouble());
                worker.Kill();
                await Wait.UntilAsync(() => worker.HasExited, "the worker to be dead");
                if (!worker.Output.Contains("done", StringComparison.Ordinal))
                {
                    inMidWork++;
                }

                await check(worker);
            }
        }

        TestContext.Out.WriteLine($"{operation}: {whole.TotalMilliseconds:0} ms, killed {Kills} times, {inMidWork} of them in mid-work");
        Assert.That(inMidWork, Is.GreaterThanOrEqualTo(Kills / 4), "Most kills came too late to show anything.");
    }

    private async Task<TimeSpan> RunToEndAsync(string operation)
    {
        await using RunningProgram worker = StartWorker(operation);
        await worker.WaitForOutputAsync("begin");
        long began = Stopwatch.GetTimestamp();
        await worker.WaitForOutputAsync("done");
        return Stopwatch.GetElapsedTime(began);
    }

    private RunningProgram StartWorker(string operation)
    {
        string program = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "DiskWorker.exe" : "DiskWorker");
        return RunningProgram.Start(new ProcessStartInfo(program, [operation, image, folder.PathOf("new.vhd")]));
    }

    private void Restore(Dictionary<string, byte[]> images)
    {
        foreach (string file in Directory.GetFiles(folder.FullPath))
        {
            File.Delete(file);
        }

        foreach ((string file, byte[] content) in images)
        {
            File.WriteAllBytes(file, content);
        }

        // An image that is written again has a newer time than its children have stored; children that do not match their parent any more
        // are tested elsewhere.
        if (images.ContainsKey(parent))
        {
            ParentRepair.AcceptParent(image, parent);
        }
    }

    /// <summary>
    /// Every sector has its old content, or completely that of a later write; and flushed content is there, or what was written over it
    /// later.
    /// </summary>
    private byte[] CheckWrites(byte[] before, string output)
    {
        int flushed = output.Split('\n')
            .Where(line => line.StartsWith("flushed ", StringComparison.Ordinal) && line.EndsWith(';'))
            .Select(line => int.Parse(line["flushed ".Length..^1], CultureInfo.InvariantCulture))
            .LastOrDefault();
        int[] last = new int[Size / 512];
        for (int number = 1; number <= flushed; number++)
        {
            (int first, int count) = NumberedWrites.Place(number, Size);
            last.AsSpan(first, count).Fill(number);
        }

        byte[] left = DiskContent.Read(image);
        byte[] expected = new byte[512];
        for (int sector = 0; sector < last.Length; sector++)
        {
            ReadOnlySpan<byte> content = left.AsSpan(sector * 512, 512);
            if (last[sector] == 0 && content.SequenceEqual(before.AsSpan(sector * 512, 512)))
            {
                continue;
            }

            int number = NumberedWrites.NumberOf(content);
            Assert.That(
                number,
                Is.InRange(Math.Max(1, last[sector]), NumberedWrites.Count),
                $"sector {sector}, after the flush of write {flushed}");
            (int first, int count) = NumberedWrites.Place(number, Size);
            Assert.That(sector, Is.InRange(first, first + count - 1), $"write {number} never went there");
            NumberedWrites.FillSector(expected, number, sector);
            Assert.That(content.SequenceEqual(expected), Is.True, $"sector {sector} is not whole");
        }

        return left;
    }

    private static Task WriteOnAsync(string path)
    {
        byte[] after = DiskContent.Scribble(path, seed: 9);
        Assert.That(DiskContent.Read(path).AsSpan().SequenceEqual(after), Is.True, "written on");
        return Task.CompletedTask;
    }
}

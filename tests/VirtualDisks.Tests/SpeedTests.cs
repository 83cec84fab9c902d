using System.Diagnostics;
using System.Runtime.InteropServices;
using VpcComApi.TestSupport;

namespace VpcComApi.VirtualDisks.Tests;

/// <summary>
/// How fast disks are made, compacted and merged, beside cp with the same bytes in the same run. Explicit, because figures mean something
/// on a quiet machine alone: <c>dotnet test tests/VirtualDisks.Tests -c Release --filter FullyQualifiedName~SpeedTests</c>.
/// </summary>
[TestFixture]
[Explicit("Measures; run it alone on a quiet machine.")]
internal sealed class SpeedTests
{
    private const int Megabytes = 512;
    private const int Rounds = 7;

    [Test]
    public void A_dynamic_disk_is_made_in_under_50_ms_whatever_its_size()
    {
        using TestDirectory folder = new();
        DiskCreation.CreateDynamic(folder.PathOf("warm-up.vhd"), 3 << 20);
        double[] milliseconds =
        [
            .. Enumerable.Range(0, 9).Select(
                round =>
                    Milliseconds(() => DiskCreation.CreateDynamic(folder.PathOf($"{round}.vhd"), VirtualDiskLimits.MaximumSize))).Order(),
        ];

        TestContext.Out.WriteLine($"2,040 GB dynamic: median {milliseconds[4]:0.0} ms, worst {milliseconds[^1]:0.0} ms");
        Assert.That(milliseconds[4], Is.LessThan(50));
    }

    [Test]
    public void Compact_and_Merge_move_data_at_half_the_speed_of_cp_or_better()
    {
        using TestDirectory folder = new();
        string parent = folder.PathOf("parent.vhd");
        string child = folder.PathOf("child.vhd");
        string full = folder.PathOf("full.vhd");
        DiskCreation.CreateDynamic(full, (long)Megabytes << 20);
        Fill(full);
        List<double> copies = [];
        List<double> compactions = [];
        List<double> merges = [];
        for (int round = 0; round < Rounds; round++)
        {
            // cp, and its bytes on the disk, as Compact and Merge leave theirs.
            TouchMemory();
            copies.Add(
                Milliseconds(() => Run("sh", "-c", $"cp '{full}' '{folder.PathOf("copy.vhd")}' && sync '{folder.PathOf("copy.vhd")}'")));
            File.Delete(folder.PathOf("copy.vhd"));
            TouchMemory();
            compactions.Add(Milliseconds(() => DiskCompaction.Compact(full)));
            DiskCreation.CreateDynamic(parent, (long)Megabytes << 20);
            DiskCreation.CreateDifferencing(child, parent);
            Fill(child);
            TouchMemory();
            merges.Add(Milliseconds(() => DiskMerge.IntoParent(child)));
            File.Delete(child);
            File.Delete(parent);
        }

        double copy = Rate(copies);
        TestContext.Out.WriteLine($"cp and sync {copy:0} MB/s, Compact {Rate(compactions):0} MB/s ({Rate(compactions) / copy:0.00}), Merge "
            + $"{Rate(merges):0} MB/s ({Rate(merges) / copy:0.00})");
        TestContext.Out.WriteLine($"each in ms: cp and sync {List(copies)}; Compact {List(compactions)}; Merge {List(merges)}");
        Assert.That(Rate(compactions), Is.GreaterThanOrEqualTo(copy / 2));
        Assert.That(Rate(merges), Is.GreaterThanOrEqualTo(copy / 2));
    }

    /// <summary>
    /// Uses much more memory than the next copy will need, and releases it. In a virtual machine, the host can take back memory that was
    /// free for seconds, and then its first use takes ten times as long as copying; the next copy after a larger file would be slowed down
    /// by it. Much more, because the system does not hand out first what was freed last.
    /// </summary>
    private static unsafe void TouchMemory()
    {
        const nuint Bytes = (nuint)(4 * Megabytes) << 20;
        void* memory = NativeMemory.Alloc(Bytes);
        NativeMemory.Fill(memory, Bytes, 1);
        NativeMemory.Free(memory);
    }

    private static double Rate(List<double> milliseconds) => Megabytes / (milliseconds.Order().ElementAt(Rounds / 2) / 1000);

    private static string List(List<double> milliseconds) => string.Join(' ', milliseconds.Select(time => $"{time:0}"));

    private static double Milliseconds(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static void Fill(string path)
    {
        byte[] data = new byte[8 << 20];
        Random.Shared.NextBytes(data);
        using VirtualDisk disk = VirtualDisk.Open(path, FileAccess.ReadWrite);
        for (long offset = 0; offset < disk.Size; offset += data.Length)
        {
            disk.Write(offset, data);
        }

        disk.Flush();
    }

    private static void Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(program, arguments);
        Assert.That(process.WaitForExit(TimeSpan.FromMinutes(2)), Is.True, program);
        Assert.That(process.ExitCode, Is.Zero, program);
    }
}

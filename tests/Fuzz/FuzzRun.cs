using System.Diagnostics;

namespace VpcComApi.Fuzz;

/// <summary>Feeds one target for a limited time, keeps the inputs that reach new branches, and mutates those.</summary>
/// <param name="target">What is fed.</param>
/// <param name="folder">Where new inputs and crashes are left.</param>
internal sealed class FuzzRun(FuzzTarget target, string folder)
{
    private const int MaxCrashes = 10;

    private readonly CoverageMap coverage = new();
    private readonly List<byte[]> inputs = [];

    /// <summary>Runs.</summary>
    /// <returns>How many inputs crashed it.</returns>
    public int Run(TimeSpan time, int seed)
    {
        string found = Path.Combine(folder, target.Name);
        string crashed = Path.Combine(folder, "crashes");
        Directory.CreateDirectory(found);
        Directory.CreateDirectory(crashed);
        long runs = 0;
        int crashes = 0;
        IEnumerable<byte[]> earlier = Directory.EnumerateFiles(found).Order(StringComparer.Ordinal).Select(File.ReadAllBytes);
        foreach (byte[] input in target.Corpus.Concat(earlier))
        {
            Try(input);
            inputs.Add(input);
        }

        int atFirst = inputs.Count;
        int branchesAtFirst = coverage.Branches;
        Mutator mutator = new(new Random(seed), target.LongestInput);
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < time && crashes < MaxCrashes)
        {
            byte[] input = mutator.Next(inputs);
            if (Try(input))
            {
                inputs.Add(input);
                File.WriteAllBytes(Path.Combine(found, $"{inputs.Count:D5}"), input);
            }
        }

        Console.WriteLine(
            $"{target.Name,-12} {runs,9} runs  {runs / Math.Max(1, Stopwatch.GetElapsedTime(start).TotalSeconds),7:0}/s  "
            + $"{coverage.Branches,5} branches ({coverage.Branches - branchesAtFirst} new)  "
            + $"{inputs.Count - atFirst,5} new inputs  {crashes} crashes");
        return crashes;

        bool Try(byte[] input)
        {
            runs++;
            coverage.Clear();
            try
            {
                target.Run(input);
            }
            catch (Exception failure)
            {
                crashes++;
                string file = Path.Combine(crashed, $"{target.Name}-{seed}-{runs}");
                File.WriteAllBytes(file, input);
                Console.WriteLine($"CRASH of {target.Name}, input in {file}: {failure}");
            }

            return coverage.IsNew();
        }
    }
}

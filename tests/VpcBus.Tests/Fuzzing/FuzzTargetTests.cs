using System.Diagnostics;
using VpcComApi.Fuzz;

namespace VpcComApi.VpcBus.Tests.Fuzzing;

/// <summary>
/// The fuzz targets with their corpus and a bounded number of inputs derived from it, the same ones each time. <c>./build.sh fuzz</c> does
/// it for longer.
/// </summary>
[TestFixture]
[CancelAfter(60_000)]
internal sealed class FuzzTargetTests
{
    private const int MostInputs = 3000;
    private static readonly TimeSpan MostTime = TimeSpan.FromSeconds(3);

    public static IEnumerable<string> Names => FuzzTarget.All.Select(target => target.Name);

    [TestCaseSource(nameof(Names))]
    public void Any_mutation_of_the_corpus_is_handled(string name)
    {
        FuzzTarget target = FuzzTarget.All.Single(target => target.Name == name);
        IReadOnlyList<byte[]> corpus = target.Corpus;
        Assert.That(corpus, Has.Count.GreaterThan(5));
        foreach (byte[] input in corpus)
        {
            Try(input);
        }

        Mutator mutator = new(new Random(20_260_721), target.LongestInput);
        int tried = 0;
        for (long start = Stopwatch.GetTimestamp(); tried < MostInputs && Stopwatch.GetElapsedTime(start) < MostTime; tried++)
        {
            Try(mutator.Next(corpus));
        }

        Assert.That(tried, Is.GreaterThan(20));

        void Try(byte[] input)
        {
            try
            {
                target.Run(input);
            }
            catch (Exception failure)
            {
                Assert.Fail($"Input {Convert.ToHexString(input)}: {failure}");
            }
        }
    }
}

using VpcComApi.ChannelBench.Chains;
using VpcComApi.ChannelBench.Load;
using VpcComApi.ChannelBench.Results;

namespace VpcComApi.ChannelBench.Suites;

/// <summary>Round trips of small messages: the typical time and that of the slow ones.</summary>
/// <param name="name">Their name.</param>
/// <param name="goals">The targets of the typical time.</param>
internal sealed class RoundTripMeasures(string name, params IReadOnlyList<Goal> goals)
{
    private const int MessageSize = 64;
    private const double SlowPart = 0.99;

    /// <summary>The median.</summary>
    public Measure Typical { get; } = new($"{name} p50", "us", moreIsBetter: false, goals);

    /// <summary>The 99th percentile.</summary>
    public Measure Slow { get; } = new($"{name} p99", "us", moreIsBetter: false);

    /// <summary>Measures one round of one chain.</summary>
    public void Take(Chain chain, LoadClient client, Effort effort, bool counts)
    {
        double[] times =
            [.. client.RoundTrips(MessageSize, effort.RoundTrips, effort.RoundTripLimit).Select(time => time.TotalMicroseconds)];
        if (counts)
        {
            Typical.Add(chain.Name, Statistics.Median(times));
            Slow.Add(chain.Name, Statistics.Quantile(times, SlowPart));
        }
    }
}

using VpcComApi.ChannelBench.Chains;
using VpcComApi.ChannelBench.Load;
using VpcComApi.ChannelBench.Results;

namespace VpcComApi.ChannelBench.Suites;

/// <summary>One channel on a quiet machine: bulk transfer in each direction, messages, and the processor time of the relays.</summary>
internal sealed class OneChannelSuite : ISuite
{
    private const int LargeWrite = 64 * 1024;
    private const int SmallWrite = 4 * 1024;
    private const double GiB = 1L << 30;

    private readonly Measure push = new(
        "push, 64 KiB writes", "MiB/s", moreIsBetter: true, new Goal(Chain.SocatTwoHops, 1.8), new Goal(Chain.SocatOneHop, 1.0));

    private readonly Measure pull = new(
        "pull, 64 KiB writes", "MiB/s", moreIsBetter: true, new Goal(Chain.SocatTwoHops, 2.5), new Goal(Chain.SocatOneHop, 2.0));

    private readonly Measure smallPush = new(
        "push, 4 KiB writes", "MiB/s", moreIsBetter: true, new Goal(Chain.SocatTwoHops, 1.2), new Goal(Chain.SocatOneHop, 1.2));

    private readonly RoundTripMeasures roundTrip = new(
        "64-byte round trip", new Goal(Chain.SocatTwoHops, 0.5), new Goal(Chain.SocatOneHop, 0.6));

    private readonly Measure relayTime = new(
        "processor time of the relays", "ms/GiB", moreIsBetter: false, new Goal(Chain.SocatTwoHops, 0.7));

    /// <inheritdoc/>
    public string Name => "channel";

    /// <inheritdoc/>
    public async Task<ResultTable> RunAsync(BenchContext context)
    {
        await using ChainSet chains = await ChainSet.StartAsync(context, channels: 1);
        Effort effort = context.Effort;
        for (int round = -effort.WarmUpRounds; round < effort.Rounds; round++)
        {
            context.Progress($"one channel, round {round + 1} of {effort.Rounds}");
            bool counts = round >= 0;
            int order = round + effort.WarmUpRounds;
            Dictionary<Chain, TimeSpan> used = [];
            ForEach(chains, order, context, (chain, client) =>
            {
                TimeSpan before = chain.RelayTime;
                Note(push, chain, MiBPerSecond(effort.BulkBytes, client.Push(effort.BulkBytes, LargeWrite)), counts);
                used[chain] = chain.RelayTime - before;
            });
            ForEach(chains, order, context, (chain, client) =>
            {
                TimeSpan before = chain.RelayTime;
                Note(pull, chain, MiBPerSecond(effort.BulkBytes, client.Pull(effort.BulkBytes, LargeWrite)), counts);
                used[chain] += chain.RelayTime - before;
                if (chain.Name != Chain.Direct)
                {
                    Note(relayTime, chain, used[chain].TotalMilliseconds / (2 * effort.BulkBytes / GiB), counts);
                }
            });
            ForEach(chains, order, context, (chain, client) =>
                Note(smallPush, chain, MiBPerSecond(effort.SmallWriteBytes, client.Push(effort.SmallWriteBytes, SmallWrite)), counts));
            ForEach(chains, order, context, (chain, client) => roundTrip.Take(chain, client, effort, counts));
        }

        return new ResultTable(
            "One channel, quiet machine", chains.Names, [push, pull, smallPush, roundTrip.Typical, roundTrip.Slow, relayTime]);
    }

    private static void ForEach(ChainSet chains, int order, BenchContext context, Action<Chain, LoadClient> action)
    {
        foreach ((Chain chain, LoadClient[] clients) in chains.InOrderOf(order))
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            action(chain, clients[0]);
        }
    }

    private static void Note(Measure measure, Chain chain, double value, bool counts)
    {
        if (counts)
        {
            measure.Add(chain.Name, value);
        }
    }

    private static double MiBPerSecond(long bytes, TimeSpan time) => bytes / (1024.0 * 1024.0) / time.TotalSeconds;
}

using VpcComApi.ChannelBench.Chains;
using VpcComApi.ChannelBench.Load;
using VpcComApi.ChannelBench.Processes;
using VpcComApi.ChannelBench.Results;

namespace VpcComApi.ChannelBench.Suites;

/// <summary>Messages on one channel while as many processes as there are cores compute without a pause.</summary>
internal sealed class BusyMachineSuite : ISuite
{
    private readonly RoundTripMeasures roundTrip = new("64-byte round trip, busy cores", new Goal(Chain.SocatTwoHops, 1.0));

    /// <inheritdoc/>
    public string Name => "busy";

    /// <inheritdoc/>
    public async Task<ResultTable> RunAsync(BenchContext context)
    {
        await using ChainSet chains = await ChainSet.StartAsync(context, channels: 1);
        List<ChildProcess> spinners = [];
        try
        {
            for (int core = 0; core < Environment.ProcessorCount; core++)
            {
                spinners.Add(ChildProcess.StartSelf(BenchRoles.Spinner));
                await spinners[^1].ReadLineAsync(line => line == "spinning");
            }

            Effort effort = context.Effort;
            for (int round = -effort.WarmUpRounds; round < effort.Rounds; round++)
            {
                context.Progress($"busy cores, round {round + 1} of {effort.Rounds}");
                foreach ((Chain chain, LoadClient[] clients) in chains.InOrderOf(round + effort.WarmUpRounds))
                {
                    context.CancellationToken.ThrowIfCancellationRequested();
                    roundTrip.Take(chain, clients[0], effort, counts: round >= 0);
                }
            }
        }
        finally
        {
            foreach (ChildProcess spinner in spinners)
            {
                await spinner.DisposeAsync();
            }
        }

        return new ResultTable("One channel, both cores busy with other work", chains.Names, [roundTrip.Typical, roundTrip.Slow]);
    }
}

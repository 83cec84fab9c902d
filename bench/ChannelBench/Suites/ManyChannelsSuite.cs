using System.Diagnostics;
using System.Runtime.ExceptionServices;
using VpcComApi.ChannelBench.Chains;
using VpcComApi.ChannelBench.Load;
using VpcComApi.ChannelBench.Results;

namespace VpcComApi.ChannelBench.Suites;

/// <summary>Many channels at once, all in the same direction.</summary>
internal sealed class ManyChannelsSuite : ISuite
{
    private const int Channels = 200;
    private const int WriteSize = 64 * 1024;

    /// <summary>The threads need only a small stack.</summary>
    private const int StackSize = 256 * 1024;

    private readonly Measure push = new(
        $"{Channels} channels, push", "MiB/s", moreIsBetter: true, new Goal(Chain.SocatTwoHops, 1.5), new Goal(Chain.SocatOneHop, 1.0));

    private readonly Measure pull = new(
        $"{Channels} channels, pull", "MiB/s", moreIsBetter: true, new Goal(Chain.SocatTwoHops, 1.5), new Goal(Chain.SocatOneHop, 1.2));

    /// <inheritdoc/>
    public string Name => "many";

    /// <inheritdoc/>
    public async Task<ResultTable> RunAsync(BenchContext context)
    {
        await using ChainSet chains = await ChainSet.StartAsync(context, Channels);
        Effort effort = context.Effort;
        for (int round = -1; round < effort.ManyChannelsRounds; round++)
        {
            context.Progress($"{Channels} channels, round {round + 1} of {effort.ManyChannelsRounds}");
            foreach ((Chain chain, LoadClient[] clients) in chains.InOrderOf(round + 1))
            {
                context.CancellationToken.ThrowIfCancellationRequested();
                double pushed = Aggregate(clients, client => client.Push(effort.ManyChannelsBytes, WriteSize), effort);
                double pulled = Aggregate(clients, client => client.Pull(effort.ManyChannelsBytes, WriteSize), effort);
                if (round >= 0)
                {
                    push.Add(chain.Name, pushed);
                    pull.Add(chain.Name, pulled);
                }
            }
        }

        return new ResultTable($"{Channels} channels at once", chains.Names, [push, pull]);
    }

    /// <summary>Lets all clients work at once.</summary>
    /// <returns>The total in MiB/s, until the end of the last one.</returns>
    private static double Aggregate(LoadClient[] clients, Action<LoadClient> action, Effort effort)
    {
        using Barrier start = new(clients.Length + 1);
        ExceptionDispatchInfo? failure = null;
        Thread[] threads = [.. clients.Select(client => new Thread(
            () =>
            {
                start.SignalAndWait();
                try
                {
                    action(client);
                }
                catch (Exception e)
                {
                    failure = ExceptionDispatchInfo.Capture(e);
                }
            },
            StackSize))];
        foreach (Thread thread in threads)
        {
            thread.Start();
        }

        start.SignalAndWait();
        long began = Stopwatch.GetTimestamp();
        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        failure?.Throw();
        return clients.Length * effort.ManyChannelsBytes / (1024.0 * 1024.0) / seconds;
    }
}

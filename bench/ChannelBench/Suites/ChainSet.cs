using VpcComApi.ChannelBench.Chains;
using VpcComApi.ChannelBench.Load;

namespace VpcComApi.ChannelBench.Suites;

/// <summary>The product's chain and those of the peers, each with a number of clients connected.</summary>
internal sealed class ChainSet : IAsyncDisposable
{
    private readonly List<(Chain Chain, LoadClient[] Clients)> members = [];

    private ChainSet()
    {
    }

    /// <summary>The chains' names, the product's first.</summary>
    public IReadOnlyList<string> Names => [.. members.Select(member => member.Chain.Name)];

    /// <summary>Starts all chains and connects their clients.</summary>
    /// <param name="context">Where to.</param>
    /// <param name="channels">Clients for each chain.</param>
    public static async Task<ChainSet> StartAsync(BenchContext context, int channels)
    {
        ChainSet set = new();
        try
        {
            string folder = context.MakeFolder();
            set.Add(await ProductChain.StartAsync(Chain.Product, context.Programs, folder, context.ServerPort, channels), channels);
            if (context.Against is { } other)
            {
                set.Add(
                    await ProductChain.StartAsync(
                        other.Subject, other.Programs, context.MakeFolder(), context.ServerPort, channels),
                    channels);
            }

            set.Add(await SocatChain.StartTwoHopsAsync(folder, context.ServerPort), channels);
            set.Add(await SocatChain.StartOneHopAsync(folder, context.ServerPort), channels);
            set.Add(new DirectChain(context.ServerPort), channels);
            return set;
        }
        catch
        {
            await set.DisposeAsync();
            throw;
        }
    }

    /// <summary>The chains in the order of a round: each is first as often as the others.</summary>
    /// <param name="round">The round's number.</param>
    public IEnumerable<(Chain Chain, LoadClient[] Clients)> InOrderOf(int round) =>
        Enumerable.Range(0, members.Count).Select(place => members[(place + round) % members.Count]);

    /// <summary>Closes the clients' connections and ends the chains.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach ((Chain chain, LoadClient[] clients) in members)
        {
            foreach (LoadClient client in clients)
            {
                client.Dispose();
            }

            await chain.DisposeAsync();
        }
    }

    private void Add(Chain chain, int channels)
    {
        LoadClient[] clients = new LoadClient[channels];
        for (int index = 0; index < channels; index++)
        {
            clients[index] = chain.Connect(index);
        }

        members.Add((chain, clients));
    }
}

using VpcComApi.ChannelBench.Chains;
using VpcComApi.ChannelBench.Load;
using VpcComApi.ChannelBench.Qemu;
using VpcComApi.ChannelBench.Results;

namespace VpcComApi.ChannelBench.Suites;

/// <summary>
/// One channel into a Linux that QEMU has booted, compared with a virtio-serial port with socat at both ends, in a machine with the same
/// hardware.
/// </summary>
internal sealed class QemuChannelSuite : ISuite
{
    private const int LargeWrite = 64 * 1024;

    /// <summary>The port is some ten times slower than shared memory.</summary>
    private const int BytesDivisor = 4;

    private static readonly TimeSpan BootLimit = TimeSpan.FromSeconds(60);

    private readonly Measure push = new("push, 64 KiB writes", "MiB/s", moreIsBetter: true, new Goal(Chain.RawSerial, 0.8));
    private readonly Measure pull = new("pull, 64 KiB writes", "MiB/s", moreIsBetter: true, new Goal(Chain.RawSerial, 0.8));
    private readonly RoundTripMeasures roundTrip = new("64-byte round trip", new Goal(Chain.RawSerial, 1.3));

    /// <inheritdoc/>
    public string Name => "qemu";

    /// <inheritdoc/>
    public bool IsOnRequest => true;

    /// <inheritdoc/>
    public async Task<ResultTable> RunAsync(BenchContext context)
    {
        BenchGuests guests = context.Guests;
        string folder = context.MakeFolder();
        context.Progress("booting two machines");
        await using QemuProductChain product = await QemuProductChain.StartAsync(context.Programs, folder, guests);
        await using RawSerialChain raw = await RawSerialChain.StartAsync(folder, QemuArguments.Of(QemuMachines.MachineName), guests);
        using LoadClient productClient = product.Connect(0);
        using LoadClient rawClient = raw.Connect(0);
        rawClient.RoundTrips(messageSize: 1, most: 1, BootLimit);

        (Chain, LoadClient)[] chains = [(product, productClient), (raw, rawClient)];
        Effort effort = context.Effort;
        long bytes = effort.BulkBytes / BytesDivisor;
        for (int round = -effort.WarmUpRounds; round < effort.Rounds; round++)
        {
            context.Progress($"a channel into QEMU, round {round + 1} of {effort.Rounds}");
            bool counts = round >= 0;
            ForEach(
                chains, round, context, (chain, client) => Note(push, chain, MiBPerSecond(bytes, client.Push(bytes, LargeWrite)), counts));
            ForEach(
                chains, round, context, (chain, client) => Note(pull, chain, MiBPerSecond(bytes, client.Pull(bytes, LargeWrite)), counts));
            ForEach(chains, round, context, (chain, client) => roundTrip.Take(chain, client, effort, counts));
        }

        return new ResultTable(
            "One channel into a Linux in QEMU", [Chain.Product, Chain.RawSerial], [push, pull, roundTrip.Typical, roundTrip.Slow]);
    }

    private static void ForEach(
        (Chain Chain, LoadClient Client)[] chains, int round, BenchContext context, Action<Chain, LoadClient> action)
    {
        for (int place = 0; place < chains.Length; place++)
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            (Chain chain, LoadClient client) = chains[(place + Math.Abs(round)) % chains.Length];
            action(chain, client);
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

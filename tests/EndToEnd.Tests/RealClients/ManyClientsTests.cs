using System.Globalization;
using VpcComApi.TestSupport;

namespace VpcComApi.EndToEnd.Tests.RealClients;

/// <summary>Many programs at once, each in a process of its own, each with a channel that it opened itself through COM.</summary>
[TestFixture]
[NonParallelizable]
internal sealed class ManyClientsTests
{
    /// <summary>
    /// Names the environment variable that makes the transfers larger or smaller; Wine's pipes are slow, so CI moves little.
    /// </summary>
    private const string SizeVariable = "VPCCOMAPI_TRANSFER_MEGABYTES";

    private const int Clients = 20;
    private const int DefaultMegabytes = 4;
    private static readonly TimeSpan TransferLimit = TimeSpan.FromMinutes(30);

    private static int Megabytes =>
        int.TryParse(Environment.GetEnvironmentVariable(SizeVariable), CultureInfo.InvariantCulture, out int size)
            ? size
            : DefaultMegabytes;

    [Test]
    public async Task Twenty_COM_clients_send_and_receive_at_once()
    {
        await using EchoServer server = new();
        string port = server.Port.ToString(CultureInfo.InvariantCulture);
        ProgramResult first = await ChannelClient.All.First().RunAsync(["many-" + Guid.NewGuid().ToString("N"), port]);
        Assert.That(first.Output, Does.Contain("Channel:"), "the machine runs: " + first);

        ProgramResult[] results = await Task.WhenAll(Enumerable.Range(1, Clients).Select(client => RegisteredServer.Windows.RunAsync(
            PublishedProducts.TestTool("TransferClient"),
            ["many-" + Guid.NewGuid().ToString("N"), $"{Megabytes}", $"{client}", "Windows XP Mode", port],
            limit: TransferLimit)));

        foreach (ProgramResult result in results)
        {
            Assert.That(result.Output, Does.Match($"^same {Megabytes * 1_000_000} [0-9A-F]{{64}}\n$"), result.ToString());
        }

        Assert.That(results.Select(result => result.Output).Distinct().Count(), Is.EqualTo(Clients), "each sent bytes of its own");
    }
}

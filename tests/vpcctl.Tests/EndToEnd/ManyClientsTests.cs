using System.Globalization;
using VpcComApi.TestSupport;

namespace VpcComApi.CommandLine.Tests.EndToEnd;

/// <summary>Many programs on the host, each in a process of its own, with a channel of its own to one guest.</summary>
[Platform("Linux")]
[NonParallelizable]
public sealed class ManyClientsTests
{
    private const int Clients = 20;
    private const int Megabytes = 100;
    private static readonly TimeSpan TransferLimit = TimeSpan.FromMinutes(5);

    [Test]
    public async Task Twenty_clients_send_and_receive_a_hundred_megabytes_each_at_once()
    {
        await using EchoServer server = new();
        await using VpcctlEnvironment vpcctl = new();
        string port = server.Port.ToString(CultureInfo.InvariantCulture);
        string[] pipes = [.. Enumerable.Range(1, Clients).Select(_ => "many-" + Guid.NewGuid().ToString("N"))];
        await vpcctl.DoAsync("start", VpcctlEnvironment.Machine);
        foreach (string pipe in pipes)
        {
            await vpcctl.DoAsync("channel", VpcctlEnvironment.Machine, "--pipe", pipe, "--port", port);
        }

        ProgramResult[] results = await Task.WhenAll(pipes.Select((pipe, index) => RunningProgram.RunAsync(
            Path.Combine(AppContext.BaseDirectory, "TransferClient"),
            [pipe, $"{Megabytes}", $"{index + 1}"],
            limit: TransferLimit)));

        foreach (ProgramResult result in results)
        {
            Assert.That(result.Output, Does.Match($"^same {Megabytes * 1_000_000} [0-9A-F]{{64}}\n$"), result.ToString());
            Assert.That(result.ExitCode, Is.Zero, result.ToString());
        }

        Assert.That(results.Select(result => result.Output).Distinct().Count(), Is.EqualTo(Clients), "each sent bytes of its own");
        await vpcctl.DoAsync("stop", VpcctlEnvironment.Machine);
    }
}

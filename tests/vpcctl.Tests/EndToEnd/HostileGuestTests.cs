using System.Globalization;
using System.IO.Pipes;
using System.Runtime.Versioning;
using System.Text.Json;
using System.Text.RegularExpressions;
using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines.Channels;

namespace VpcComApi.CommandLine.Tests.EndToEnd;

/// <summary>Guests that mean harm, all at once in one real host, beside a machine that has work to do.</summary>
[Platform("Linux")]
[UnsupportedOSPlatform("windows")]
[NonParallelizable]
public sealed partial class HostileGuestTests
{
    private const string Honest = VpcctlEnvironment.Machine;

    /// <summary>Bytes that the honest machine carries while the others do their worst.</summary>
    private const int HonestBytes = 32 * 1024 * 1024;

    /// <summary>What fifteen machines may cost: each has a process with three pipes and two threads of the host's to read them.</summary>
    private const int MostThreads = 120;
    private const long MostGrowthKilobytes = 300 * 1024;

    /// <summary>Runs the hostile program for machines whose names say so, and the guest service for the others.</summary>
    private static readonly string Dispatcher = $"""
        #!/bin/bash
        read -r board
        case "$board" in
          *'"Hostile '*) exec "{Path.Combine(AppContext.BaseDirectory, "HostileGuest")}" "$board" ;;
          *) exec "$(dirname "$0")/{ProgramFolder.HonestGuestService}" "$@" < <(printf '%s\n' "$board"; exec cat) ;;
        esac

        """;

    /// <summary>What each does, and what the event log must name; null where it keeps to the protocol, so that there is nothing to name.</summary>
    private static readonly (string Attack, string? Named)[] Attacks =
    [
        ("knocker", null),
        ("silent", null),
        ("hello", null),
        ("garbage", "frame"),
        ("length", "Data frame for channel 3, length is 4294967295"),
        ("credit", "Credit frame for channel 2, credit is 4294967295"),
        ("overrun", "Data frame for channel 3, length is "),
        ("message", "An integration message cannot be read"),
        ("offers", "Offer frame for pair"),
        ("churn", null),
        ("deaf", null),
        ("pings", null),
        ("heartbeats", null),
        ("facts", null),
    ];

    [Test]
    public async Task The_host_stays_up_and_bounded_and_serves_the_others()
    {
        using ProgramFolder programs = new();
        programs.ReplaceGuestService(Dispatcher);
        await using EchoServer server = new();
        await using VpcctlEnvironment vpcctl = new(programs.CommandLine);
        string pipe = "hostile-test-" + Guid.NewGuid().ToString("N");
        await vpcctl.DoAsync("start", Honest);
        await vpcctl.DoAsync("channel", Honest, "--pipe", pipe, "--port", server.Port.ToString(CultureInfo.InvariantCulture));
        int host = vpcctl.HostProcess!.Value;
        long before = ResidentKilobytes(host);

        await Task.WhenAll(Attacks.Select(async attack =>
        {
            await vpcctl.DoAsync("create", "Hostile " + attack.Attack);
            await vpcctl.DoAsync("start", "Hostile " + attack.Attack, "--no-wait");
        }));

        await using NamedPipeClientStream client = new(".", pipe, PipeDirection.InOut, PipeOptions.Asynchronous);
        await client.ConnectAsync((int)Wait.DefaultLimit.TotalMilliseconds);
        await EchoAsync(client);
        int breaches = Attacks.Count(attack => attack.Named is not null);
        await Wait.UntilAsync(
            async () => (await AllEntriesAsync(vpcctl)).Count(entry => entry.GetProperty("eventId").GetInt32() == ChannelEventIds.GuestBrokeProtocol) >= breaches,
            "an entry about each that breaks the protocol");

        await EchoAsync(client);
        long after = ResidentKilobytes(host);
        int threads = Number(ThreadsLine, host);
        await TestContext.Out.WriteLineAsync($"host: {before} KiB before, {after} KiB under attack, {threads} threads");
        Assert.That(vpcctl.HostProcess, Is.EqualTo(host), "the host is still the same process");
        Assert.That(threads, Is.LessThan(MostThreads));
        Assert.That(after - before, Is.LessThan(MostGrowthKilobytes));
        foreach ((string attack, string? named) in Attacks)
        {
            string[] entries = await EntriesAsync(vpcctl, attack, ChannelEventIds.GuestBrokeProtocol);
            Assert.That(entries, Has.Length.LessThanOrEqualTo(1), $"{attack}: one entry, however often it comes back");
            if (named is not null)
            {
                Assert.That(entries.Single(), Does.Contain(named), attack);
            }
        }

        Assert.That(await AllEntriesAsync(vpcctl), Has.Count.LessThan(Attacks.Length * 30), "the log is not flooded");
        await client.DisposeAsync();
        await Task.WhenAll(Attacks.Select(attack => vpcctl.DoAsync("stop", "Hostile " + attack.Attack)));
        await vpcctl.DoAsync("stop", Honest);
    }

    private static async Task EchoAsync(NamedPipeClientStream client)
    {
        byte[] sent = new byte[HonestBytes];
        new Random(1).NextBytes(sent);
        byte[] received = new byte[HonestBytes];
        await Wait.UntilAsync(
            Task.WhenAll(client.WriteAsync(sent).AsTask(), client.ReadExactlyAsync(received).AsTask()), "the honest machine's bytes to come back");
        Assert.That(received.AsSpan().SequenceEqual(sent), Is.True);
    }

    /// <summary>The texts of the entries of one kind about one machine.</summary>
    private static async Task<string[]> EntriesAsync(VpcctlEnvironment vpcctl, string attack, int id) =>
    [
        .. from entry in await AllEntriesAsync(vpcctl)
           where entry.GetProperty("eventId").GetInt32() == id
           let text = entry.GetProperty("text").GetString()!
           where text.Contains($"'Hostile {attack}'", StringComparison.Ordinal)
           select text,
    ];

    private static async Task<List<JsonElement>> AllEntriesAsync(VpcctlEnvironment vpcctl)
    {
        ProgramResult log = await vpcctl.DoAsync("log", "--json", "--lines", "100000");
        return [.. log.OutputLines.Where(line => line.Length > 0).Select(line => JsonDocument.Parse(line).RootElement)];
    }

    private static long ResidentKilobytes(int process) => Number(ResidentLine, process);

    private static int Number(Regex line, int process) =>
        int.Parse(line.Match(File.ReadAllText($"/proc/{process}/status")).Groups[1].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^Threads:\s+(\d+)", RegexOptions.Multiline)]
    private static partial Regex ThreadsLine { get; }

    [GeneratedRegex(@"^VmRSS:\s+(\d+)", RegexOptions.Multiline)]
    private static partial Regex ResidentLine { get; }
}

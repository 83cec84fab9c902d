using System.Diagnostics;
using System.Globalization;
using System.IO.Pipes;
using System.Runtime.Versioning;
using System.Text.Json;
using System.Text.RegularExpressions;
using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines.Channels;

namespace VpcComApi.CommandLine.Tests.EndToEnd;

/// <summary>Hostile guests, all at the same time in one real host, together with a machine that transfers data.</summary>
[Platform("Linux")]
[UnsupportedOSPlatform("windows")]
[NonParallelizable]
public sealed partial class HostileGuestTests
{
    private const string Honest = VpcctlEnvironment.Machine;

    /// <summary>Bytes that the correct machine transfers during the attacks of the others.</summary>
    private const int HonestBytes = 32 * 1024 * 1024;

    /// <summary>What so many machines may cost: each has a process with three pipes and two threads of the host's to read them.</summary>
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

    /// <summary>What a storm of signals may cost the host's process, in milliseconds of processor time a second.</summary>
    private const double MostStormMilliseconds = 400;

    /// <summary>
    /// What a byte's way to another machine and back may take meanwhile. The storm's own process takes a core of the two, so this has room
    /// for turns of the system's scheduler; a host that is held up takes longer by far.
    /// </summary>
    private const double MostRoundTripMilliseconds = 20;

    private static readonly TimeSpan StormLength = TimeSpan.FromSeconds(3);

    /// <summary>A dozen guests without a pause keep two cores busy; the last of them may begin its attack late.</summary>
    private static readonly TimeSpan NoticeLimit = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The attacks in frames, and the text that the event log must contain; null if the attack complies with the protocol, so that nothing
    /// is logged, or if both are possible.
    /// </summary>
    private static readonly (string Attack, string? Named)[] InFrames =
    [
        ("connect-only", null),
        ("silent", null),
        ("hello", null),
        ("garbage", "frame"),
        ("length", "Data frame for channel 3, length is 4294967295"),
        ("credit", "Credit frame for channel 2, credit is 4294967295"),
        ("overrun", "Data frame for channel 3, length is "),
        ("message", "An integration message cannot be read"),
        ("offers", "Offer frame for pair"),
        ("churn", null),
        ("unread", null),
        ("pings", null),
        ("heartbeats", null),
        ("facts", null),
    ];

    /// <summary>The attacks on the memory that a guest shares with the host.</summary>
    private static readonly (string Attack, string? Named)[] InRings =
    [
        ("ring-ahead", "ring of channel 3, tail is "),
        ("ring-behind", "ring of channel 3, tail is "),
        ("ring-huge", "ring of channel 3, tail is 9223372036854775807"),
        ("ring-negative", "ring of channel 3, tail is -9223372036854775808"),
        ("ring-base", "ring of channel 3, base is "),
        ("ring-wrap", "ring of channel 3, base is "),
        ("ring-head", "ring of channel 2, head is 9223372036854775807"),
        ("ring-scribble", "ring of channel "),
        ("ring-punch", "ring of channel 3, tail is "),
        ("ring-resize", null),
        ("ring-total", "ring of channel 3, total is 9223372036854775807"),
        ("ring-beside", "Data frame for channel 3, channel has a ring"),
        ("ring-slot", "Accept frame for pair 2, ring is 999"),
        ("ring-message", "An integration message cannot be read"),
        ("ring-changing", null),
        ("ring-storm", null),
        ("ring-trickle", null),
    ];

    /// <summary>The attack on offers of the host, which begins when the host offers a pair.</summary>
    private const string NeedsAnOffer = "ring-slot";

    [Test]
    public Task In_frames_the_host_stays_up_and_bounded_and_serves_the_others() => WithstandAsync(InFrames);

    [Test]
    public Task In_rings_the_host_stays_up_and_bounded_and_serves_the_others() => WithstandAsync(InRings);

    [Test]
    [Category("Timing")]
    public async Task A_storm_of_signals_gains_nothing()
    {
        using ProgramFolder programs = new();
        programs.ReplaceGuestService(Dispatcher);
        await using EchoServer server = new();
        await using VpcctlEnvironment vpcctl = new(programs.CommandLine);
        string pipe = "hostile-test-" + Guid.NewGuid().ToString("N");
        await vpcctl.DoAsync("start", Honest);
        await vpcctl.DoAsync("channel", Honest, "--pipe", pipe, "--port", server.Port.ToString(CultureInfo.InvariantCulture));
        int host = vpcctl.HostProcess!.Value;
        await using NamedPipeClientStream client = new(".", pipe, PipeDirection.InOut, PipeOptions.Asynchronous);
        await client.ConnectAsync((int)Wait.DefaultLimit.TotalMilliseconds);
        double quiet = await RoundTripAsync(client);
        await vpcctl.DoAsync("create", "Hostile ring-storm");
        await vpcctl.DoAsync("start", "Hostile ring-storm");

        double before = ProcessorMilliseconds(host);
        await Task.Delay(StormLength);
        double rate = (ProcessorMilliseconds(host) - before) / StormLength.TotalSeconds;
        double stormy = await RoundTripAsync(client);
        await TestContext.Out.WriteLineAsync(
            $"host: {rate:0} ms of processor time a second under the storm; another machine's round trip {quiet:0.000} ms before, "
                + $"{stormy:0.000} ms under it");

        Assert.That(rate, Is.LessThan(MostStormMilliseconds));
        Assert.That(stormy, Is.LessThan(MostRoundTripMilliseconds));
        await vpcctl.DoAsync("stop", "Hostile ring-storm");
        await client.DisposeAsync();
        await vpcctl.DoAsync("stop", Honest);
    }

    private static async Task WithstandAsync((string Attack, string? Named)[] attacks)
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

        long began = Stopwatch.GetTimestamp();
        foreach ((string attack, _) in attacks)
        {
            await vpcctl.DoAsync("create", "Hostile " + attack);
            await vpcctl.DoAsync("start", "Hostile " + attack, "--no-wait");
        }

        await using NamedPipeClientStream client = new(".", pipe, PipeDirection.InOut, PipeOptions.Asynchronous);
        await client.ConnectAsync((int)Wait.DefaultLimit.TotalMilliseconds);
        await EchoAsync(client);
        string[] breakers = [.. from attack in attacks where attack.Named is not null select attack.Attack];
        string[] unnoticed = breakers;
        try
        {
            await Wait.UntilAsync(
                async () =>
                {
                    List<JsonElement> entries = await AllEntriesAsync(vpcctl);
                    unnoticed = [.. breakers.Where(attack => TextsOf(entries, attack, ChannelEventIds.GuestBrokeProtocol).Length == 0)];
                    if (unnoticed.Contains(NeedsAnOffer))
                    {
                        // Refused while the guest is not connected, or aborted: both are allowed.
                        await vpcctl.RunAsync(
                            "channel", "Hostile " + NeedsAnOffer, "--pipe", pipe + NeedsAnOffer, "--port", server.Port.ToString(
                                CultureInfo.InvariantCulture));
                    }

                    return unnoticed.Length == 0;
                },
                "an entry about each that breaks the protocol",
                NoticeLimit);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"No entry reports {string.Join(", ", unnoticed)}.");
        }

        await EchoAsync(client);
        long after = ResidentKilobytes(host);
        int threads = Number(ThreadsLine, host);
        await TestContext.Out.WriteLineAsync($"host: {before} KiB before, {after} KiB under attack, {threads} threads");
        Assert.That(vpcctl.HostProcess, Is.EqualTo(host), "the host is still the same process");
        Assert.That(threads, Is.LessThan(MostThreads));
        Assert.That(after - before, Is.LessThan(MostGrowthKilobytes));
        List<JsonElement> all = await AllEntriesAsync(vpcctl);
        int most = 1 + (int)Stopwatch.GetElapsedTime(began).TotalMinutes;
        foreach ((string attack, string? named) in attacks)
        {
            string[] entries = TextsOf(all, attack, ChannelEventIds.GuestBrokeProtocol);
            Assert.That(entries, Has.Length.LessThanOrEqualTo(most), $"{attack}: one entry a minute, however often it connects again");
            if (named is not null)
            {
                Assert.That(entries, Is.Not.Empty.And.All.Contains(named), attack);
            }
        }

        Assert.That(all, Has.Count.LessThan(attacks.Length * 30), "the log is not flooded");
        await client.DisposeAsync();
        foreach ((string attack, _) in attacks)
        {
            await vpcctl.DoAsync("stop", "Hostile " + attack);
        }

        await vpcctl.DoAsync("stop", Honest);
    }

    private static async Task EchoAsync(NamedPipeClientStream client)
    {
        byte[] sent = new byte[HonestBytes];
        new Random(1).NextBytes(sent);
        byte[] received = new byte[HonestBytes];
        await Wait.UntilAsync(
            Task.WhenAll(
                client.WriteAsync(sent).AsTask(), client.ReadExactlyAsync(received).AsTask()), "the correct machine's bytes to come back");
        Assert.That(received.AsSpan().SequenceEqual(sent), Is.True);
    }

    /// <summary>Sends a byte to the echo and back.</summary>
    /// <returns>The median in milliseconds.</returns>
    private static async Task<double> RoundTripAsync(NamedPipeClientStream client)
    {
        List<double> taken = [];
        byte[] content = [1];
        for (int n = 0; n < 1000; n++)
        {
            long began = Stopwatch.GetTimestamp();
            await client.WriteAsync(content);
            await client.ReadExactlyAsync(content);
            taken.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        taken.Sort();
        return taken[taken.Count / 2];
    }

    private static double ProcessorMilliseconds(int process) => Process.GetProcessById(process).TotalProcessorTime.TotalMilliseconds;

    /// <summary>The texts of the entries of one kind about one machine.</summary>
    private static string[] TextsOf(List<JsonElement> entries, string attack, int id) =>
    [
        .. from entry in entries
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

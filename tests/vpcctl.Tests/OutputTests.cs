using System.Text.Json;
using Microsoft.Extensions.Logging;
using VpcComApi.CommandLine.Machines;
using VpcComApi.CommandLine.Output;
using VpcComApi.CommandLine.Tests.Fakes;
using VpcComApi.EventLogging;
using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines;
using VpcComApi.VirtualMachines.Channels;

namespace VpcComApi.CommandLine.Tests;

[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class OutputTests : IDisposable
{
    private readonly TestDirectory logs = new();
    private readonly FakeMachine xp = new("XP") { State = MachineState.Running };
    private readonly FakeMachines machines;
    private readonly CommandRun run;

    public OutputTests()
    {
        machines = new FakeMachines(xp);
        run = new CommandRun(machines, logs.FullPath);
    }

    public void Dispose()
    {
        run.Dispose();
        logs.Dispose();
    }

    [Test]
    public async Task The_list_is_a_plain_table_where_nobody_watches()
    {
        await run.RunAsync("list");

        Assert.That(Lines(run.Output), Is.EqualTo(["NAME STATE MEMORY FILE", "XP Running 512 MB /vm/XP.vmc"]));
    }

    [Test]
    public async Task The_list_is_JSON_for_a_script()
    {
        machines.Problems.Add(new MachineProblem("Bad", "/vm/Bad.vmc", "It is no XML."));

        await run.RunAsync("list", "--json");

        AssertJson("""
            {
              "machines": [ { "name": "XP", "state": "Running", "memoryMegabytes": 512, "file": "/vm/XP.vmc", "pauseReason": null } ],
              "problems": [ { "name": "Bad", "file": "/vm/Bad.vmc", "reason": "It is no XML." } ]
            }
            """);
        Assert.That(run.Error, Is.Empty);
    }

    [Test]
    public async Task A_damaged_registration_is_a_warning_that_hides_nothing()
    {
        machines.Problems.Add(new MachineProblem("Bad", "/vm/Bad.vmc", "It is no XML."));

        Assert.That(await run.RunAsync("list"), Is.EqualTo(ExitCode.Done));
        Assert.That(run.Output, Does.Contain("XP"));
        Assert.That(run.Error, Is.EqualTo("\"Bad\" (/vm/Bad.vmc) cannot be read: It is no XML.\n"));
    }

    [Test]
    public async Task The_state_is_JSON_for_a_script()
    {
        await run.RunAsync("state", "xp", "--json");

        AssertJson("""
            {
              "name": "XP", "state": "Running", "pauseReason": null, "ready": true, "memoryMegabytes": 512, "file": "/vm/XP.vmc", "chassisAssetTag": "1234",
              "heartbeatPercent": 100, "computerName": "guest\u001b[31m", "operatingSystem": null, "integrationComponentsVersion": null,
              "clockOffsetMilliseconds": null
            }
            """);
    }

    [Test]
    public async Task What_a_guest_says_cannot_steer_the_terminal()
    {
        await run.RunAsync("state", "xp");

        Assert.That(run.Output, Does.Contain("guest␛[31m"));
        Assert.That(run.Output, Does.Not.Contain('\u001b'));
    }

    [Test]
    public async Task Channels_are_shown_with_what_they_have_carried()
    {
        xp.Channels.Add(Channel(CommunicationChannelState.Open, 26, 3 * 1024 * 1024, 3725) with { StallsToGuest = 3, StallsToHost = 0 });
        xp.Channels.Add(Channel(CommunicationChannelState.Awaited, 0, 1023, 61.2));
        xp.Channels.Add(Channel(CommunicationChannelState.HalfClosed, 0, 1, 1));
        xp.Channels.Add(new ChannelSummary("XP", @"\\.\pipe\r", 81));

        await run.RunAsync("channels");

        Assert.That(
            Lines(run.Output),
            Is.EqualTo(
                [
                    "MACHINE PIPE GUEST PORT STATE TO GUEST TO HOST STALLS OPEN FOR",
                    @"XP \\.\pipe\p 6174 open 26 B 3.0 MiB 3, 0 1:02:05",
                    @"XP \\.\pipe\p 6174 awaited 0 B 1023 B - 1:01",
                    @"XP \\.\pipe\p 6174 half-closed 0 B 1 B - 0:01",
                    @"XP \\.\pipe\r 81 - - - - -",
                ]));
    }

    [Test]
    public async Task Watched_channels_are_shown_with_their_rates()
    {
        xp.Channels.Add(Channel(CommunicationChannelState.Stalled, 0, 0, 1));
        Task<ExitCode> watching = run.RunAsync("channels", "--watch");
        await Wait.UntilAsync(() => Lines(run.Output).Length == 2, "the first look");
        xp.Channels[0] = Channel(CommunicationChannelState.Open, 2048, 1024 * 1024, 2);
        await Wait.UntilAsync(() => Lines(run.Output).Length == 4, "the second look");
        run.Interruption.Request();
        await watching;

        Assert.That(
            Lines(run.Output),
            Is.EqualTo(
                [
                    "MACHINE PIPE GUEST PORT STATE TO GUEST RATE TO HOST RATE STALLS OPEN FOR",
                    @"XP \\.\pipe\p 6174 stalled 0 B - 0 B - - 0:01",
                    "MACHINE PIPE GUEST PORT STATE TO GUEST RATE TO HOST RATE STALLS OPEN FOR",
                    @"XP \\.\pipe\p 6174 open 2.0 KiB 2.0 KiB/s 1.0 MiB 1.0 MiB/s - 0:02",
                ]));
    }

    [Test]
    public async Task What_a_channel_went_through_is_shown_on_request()
    {
        xp.Channels.Add(Channel(CommunicationChannelState.Open, 0, 0, 1) with { Events = "10:15:30.000 offered; +0.002 s accepted" });

        await run.RunAsync("channels", "xp", "--events");

        Assert.That(
            Lines(run.Output), Is.EqualTo(["MACHINE PIPE EVENTS (UTC)", @"XP \\.\pipe\p 10:15:30.000 offered; +0.002 s accepted"]));
    }

    [Test]
    public async Task Channels_are_JSON_for_a_script()
    {
        xp.Channels.Add(Channel(CommunicationChannelState.Stalled, 26, 2048, 1.5) with
        {
            StallsToGuest = 1,
            StallsToHost = 2,
            FreeWindowToGuest = 0,
            FreeWindowToHost = 9,
            Events = "10:15:30.000 offered",
        });

        await run.RunAsync("channels", "xp", "--json");

        AssertJson("""
            [ { "machine": "XP", "pipe": "\\\\.\\pipe\\p", "port": 6174, "state": "Stalled", "clientConnected": true, "bytesToGuest": 26, "bytesToHost": 2048,
                "rateToGuest": null, "rateToHost": null, "stallsToGuest": 1, "stallsToHost": 2, "freeWindowToGuest": 0, "freeWindowToHost": 9,
                "ageSeconds": 1.5, "events": "10:15:30.000 offered" } ]
            """);
    }

    [Test]
    public async Task Watched_channels_end_with_Ctrl_C_and_without_an_error()
    {
        Task<ExitCode> watching = run.RunAsync("channels", "--watch", "--json");
        await Wait.UntilAsync(() => run.Output.Length > 0, "the first list");

        run.Interruption.Request();

        Assert.That(await watching, Is.EqualTo(ExitCode.Done));
        Assert.That(run.Output, Does.StartWith("[]\n"));
    }

    [Test]
    public async Task Devices_are_shown_and_are_JSON_for_a_script()
    {
        await run.RunAsync("devices", "xp", "--json");

        AssertJson("""
            [ { "name": "Virtual PC Integration Device", "channelId": 3, "service": "tcp:6174", "direction": "host to guest" } ]
            """);
    }

    [Test]
    public async Task The_log_shows_the_last_entries_the_newest_last()
    {
        WriteLog(1, 2, 3);

        await run.RunAsync("log", "--lines", "2");

        Assert.That(Lines(run.Output).Select(line => line.Split(' ', 3)[2]), Is.EqualTo(["warn 2 vpc text 2", "warn 3 vpc text 3"]));
    }

    [Test]
    public async Task The_log_is_one_JSON_object_a_line_for_a_script()
    {
        WriteLog(7);

        await run.RunAsync("log", "--json");

        AssertJson("""
            { "time": "2026-07-21T12:00:00+00:00", "level": "Warning", "eventId": 7, "program": "vpc", "category": "C", "text": "text 7" }
            """);
        Assert.That(run.Output.TrimEnd('\n'), Does.Not.Contain("\n"));
    }

    [Test]
    public async Task A_followed_log_goes_on_until_Ctrl_C()
    {
        WriteLog(1);
        Task<ExitCode> following = run.RunAsync("log", "--follow");
        await Wait.UntilAsync(() => run.Output.Contains("text 1", StringComparison.Ordinal), "the old entry");

        WriteLog(2);
        await Wait.UntilAsync(() => run.Output.Contains("text 2", StringComparison.Ordinal), "the new entry");
        run.Interruption.Request();

        Assert.That(await following, Is.EqualTo(ExitCode.Done));
    }

    [Test]
    public async Task An_empty_log_is_no_error()
    {
        Assert.That(await run.RunAsync("log"), Is.EqualTo(ExitCode.Done));
        Assert.That(run.Output, Is.Empty);
    }

    [TestCase(0, "0 B")]
    [TestCase(1023, "1023 B")]
    [TestCase(1024, "1.0 KiB")]
    [TestCase(1536, "1.5 KiB")]
    [TestCase(100L * 1024 * 1024, "100.0 MiB")]
    [TestCase(long.MaxValue, "8388608.0 TiB")]
    public void Bytes_are_written_for_a_person(long bytes, string text) => Assert.That(Tables.OfBytes(bytes), Is.EqualTo(text));

    private static ChannelSummary Channel(CommunicationChannelState state, long toGuest, long toHost, double age) =>
        new("XP", @"\\.\pipe\p", 6174)
        {
            State = state,
            ClientConnected = state != CommunicationChannelState.Awaited,
            BytesToGuest = toGuest,
            BytesToHost = toHost,
            AgeSeconds = age,
        };

    private static string[] Lines(string output) =>
    [
        .. output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))),
    ];

    private void AssertJson(string expected) =>
        Assert.That(Normalize(run.Output), Is.EqualTo(Normalize(expected)), run.Output);

    private static string Normalize(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return JsonSerializer.Serialize(document.RootElement);
    }

    private void WriteLog(params int[] numbers)
    {
        DateTimeOffset noon = new(2026, 7, 21, 12, 0, 0, TimeSpan.Zero);
        File.AppendAllLines(
            logs.PathOf("vpc-20260721.log"),
            numbers.Select(number => EventLogLine.Format(new EventLogEntry(noon, LogLevel.Warning, number, "C", $"text {number}", "vpc"))));
    }
}

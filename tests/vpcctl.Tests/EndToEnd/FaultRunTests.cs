using VpcComApi.TestSupport;

namespace VpcComApi.CommandLine.Tests.EndToEnd;

/// <summary>
/// A short run of what "./build.sh faults" does at length: each kill must leave nothing, lose nothing unreported, and let the next channel
/// work.
/// </summary>
[Platform("Linux")]
[NonParallelizable]
public sealed class FaultRunTests
{
    private const int Kills = 24;

    /// <summary>Any seed is possible; the same one reproduces a failure.</summary>
    private const int Seed = 20260721;

    private static readonly TimeSpan RunLimit = TimeSpan.FromMinutes(4);

    [Test]
    public async Task Killing_guest_service_host_client_and_server_under_load_leaves_nothing_and_loses_nothing_unreported()
    {
        ProgramResult run = await RunningProgram.RunAsync(
            Path.Combine(AppContext.BaseDirectory, "FaultRun"), ["--kills", $"{Kills}", "--seed", $"{Seed}"], limit: RunLimit);

        await TestContext.Out.WriteLineAsync(run.Output);
        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        Assert.That(run.OutputLines[^1], Does.StartWith($"{Kills} kills in ").And.EndsWith("nothing left behind, 0 bytes lost unreported"));
    }
}

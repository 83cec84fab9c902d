using System.Diagnostics;
using System.Globalization;
using Spectre.Console;
using VpcComApi.TestSupport;

namespace VpcComApi.FaultRun;

/// <summary>The run: round after round, and the ledger at its end.</summary>
internal static class FaultRunner
{
    /// <summary>How long releasing the resources of a round may take.</summary>
    private static readonly TimeSpan GiveBackLimit = TimeSpan.FromSeconds(15);

    /// <summary>The number of kills after which the progress is printed.</summary>
    private const int KillsBetweenNotes = 25;

    /// <summary>Where nobody watches, lines are not folded.</summary>
    private const int WidestLine = 1000;

    /// <summary>Runs.</summary>
    /// <returns>0 when after every kill nothing was left, nothing was lost unreported, and the next channel worked.</returns>
    public static async Task<int> RunAsync(FaultOptions options)
    {
        AnsiConsole.Profile.Width = Math.Max(AnsiConsole.Profile.Width, WidestLine);
        AnsiConsole.WriteLine($"{options.Kills} kills with seed {options.Seed}");
        Dictionary<Victim, FaultTotals> totals = Enum.GetValues<Victim>().ToDictionary(victim => victim, _ => new FaultTotals());
        long began = Stopwatch.GetTimestamp();
        int round = 0;
        int kills = 0;
        string? failure = null;
        FaultRound? fault = null;
        try
        {
            await using FaultEnvironment environment = new();
            try
            {
                Dictionary<int, ProcessCensus> censuses = [];
                for (; kills < options.Kills; round++)
                {
                    await BringUpAsync(environment, censuses);
                    fault = new FaultRound(environment, round, new Random(unchecked((options.Seed * 31) + round)));
                    await fault.RunAsync(totals[fault.Victim]);
                    kills += fault.Kills ? 1 : 0;
                    if (fault.Kills && kills % KillsBetweenNotes == 0)
                    {
                        AnsiConsole.WriteLine($"{kills} kills after {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s");
                    }
                }

                // The last kill's next channel.
                await BringUpAsync(environment, censuses);
                await new FaultRound(environment, round, new Random(options.Seed)).RunAsync(new FaultTotals());
            }
            catch (Exception e)
            {
                // Printed before the environment is disposed, which may fail for the same reason.
                AnsiConsole.WriteLine($"Round {round} of seed {options.Seed} ({fault}) failed: {e}");
                throw;
            }
        }
        catch (Exception e) when (e is FaultException or TimeoutException or InvalidOperationException or IOException
            or StreamJsonRpc.RemoteRpcException or VirtualMachines.VirtualMachineException or CommandLine.CommandException)
        {
            failure = $"Round {round} of seed {options.Seed} ({fault}): {e.Message}";
        }

        Show(totals);
        long unreported = totals.Values.Sum(total => total.Unreported);
        AnsiConsole.WriteLine(failure ?? $"{kills} kills in {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s: nothing left behind, "
            + $"{unreported} bytes lost unreported");
        return failure is null && unreported == 0 ? 0 : 1;
    }

    /// <summary>Starts killed processes again, and compares the resources of the processes with those at the beginning.</summary>
    private static async Task BringUpAsync(FaultEnvironment environment, Dictionary<int, ProcessCensus> censuses)
    {
        await environment.BringUpAsync();
        if (environment.OtherProcesses() is { Count: > 0 } others)
        {
            await Wait.UntilAsync(() => environment.OtherProcesses().Count == 0, $"the processes {string.Join(", ", others)} to end");
        }

        int[] processes = [environment.Host!.Value, environment.Guest!.Value];
        foreach (int process in processes)
        {
            if (!censuses.TryGetValue(process, out ProcessCensus? before))
            {
                censuses[process] = ProcessCensus.Take(process);
                continue;
            }

            string? more = null;
            try
            {
                await Wait.UntilAsync(
                    () => (more = ProcessCensus.Take(process).MoreThan(before)) is null, "what was held to be given back", GiveBackLimit);
            }
            catch (TimeoutException)
            {
                throw new FaultException($"the {(process == environment.Host ? "host" : "guest service")} holds more than before: {more}");
            }
        }
    }

    private static void Show(Dictionary<Victim, FaultTotals> totals)
    {
        Table table = new() { Border = TableBorder.Simple };
        foreach (string column in (string[])["killed, or paused or upgraded", "times", "transfers", "complete", "MB sent", "MB "
            + "received", "MB lost, reported", "bytes unreported", "settled ms, median", "longest"])
        {
            table.AddColumn(column, settings => settings.NoWrap());
        }

        foreach ((Victim victim, FaultTotals total) in totals)
        {
            table.AddRow(
                victim.ToString(),
                Text(total.Kills),
                Text(total.Transfers),
                Text(total.Complete),
                Megabytes(total.Sent),
                Megabytes(total.Received),
                Megabytes(total.ReportedLost),
                Text(total.Unreported),
                total.Settled.Median.ToString("0", CultureInfo.InvariantCulture),
                total.Settled.Longest.ToString("0", CultureInfo.InvariantCulture));
        }

        AnsiConsole.Write(table);

        static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
        static string Megabytes(long bytes) => (bytes / 1e6).ToString("0.0", CultureInfo.InvariantCulture);
    }
}

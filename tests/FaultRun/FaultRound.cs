using System.Diagnostics;
using System.Globalization;
using VpcComApi.FaultRun.Transfer;
using VpcComApi.TestSupport;

namespace VpcComApi.FaultRun;

/// <summary>
/// One kill: channels are opened, a client transfers through them, one process is killed at a random moment, and the others must detect it.
/// Some rounds kill no process, but pause the machine or upgrade its guest service.
/// </summary>
/// <param name="environment">The environment.</param>
/// <param name="number">The round's number.</param>
/// <param name="random">The source of all random choices.</param>
internal sealed class FaultRound(FaultEnvironment environment, int number, Random random)
{
    private const int MostTransfers = 4;
    private const int MostBytes = 48 * 1024 * 1024;
    private const int LatestMilliseconds = 400;

    /// <summary>How many of a hundred kills come while channels are opened and not while they carry bytes.</summary>
    private const int EarlyPercent = 15;

    /// <summary>How many of a hundred rounds pause the machine, and how many upgrade its guest service.</summary>
    private const int PausePercent = 8, UpgradePercent = 8;

    private const int LongestPauseMilliseconds = 300;

    private readonly Victim victim = random.Next(100) switch
    {
        < PausePercent => Victim.PausedMachine,
        < PausePercent + UpgradePercent => Victim.UpgradedGuest,
        _ => (Victim)random.Next((int)Victim.PausedMachine),
    };
    private readonly int transfers = random.Next(1, MostTransfers + 1);

    /// <summary>The process that is killed.</summary>
    public Victim Victim => victim;

    /// <summary>Whether a process is killed.</summary>
    public bool Kills => victim is not (Victim.PausedMachine or Victim.UpgradedGuest);

    /// <inheritdoc/>
    public override string ToString() => $"round {number}, {(Kills ? $"killed {victim}" : victim)} under {transfers} transfers";

    /// <summary>Runs the round and adds it to its victim's ledger.</summary>
    public async Task RunAsync(FaultTotals totals)
    {
        using TransferLedger ledger = TransferLedger.Create(environment.Ledgers, number, transfers);
        for (int transfer = 0; transfer < transfers; transfer++)
        {
            ledger.Client(transfer).Wanted = random.Next(MostBytes);
            ledger.Server(transfer).Wanted = random.Next(MostBytes);
        }

        bool isEarly = victim != Victim.Client && random.Next(100) < EarlyPercent;
        TimeSpan moment = TimeSpan.FromMilliseconds(random.Next(LatestMilliseconds) / (isEarly ? 20.0 : 1.0));
        string[] pipes = [.. Enumerable.Range(0, transfers).Select(transfer => "fault-" + transfer.ToString(CultureInfo.InvariantCulture))];
        long killed;
        RunningProgram? client = null;
        try
        {
            if (isEarly)
            {
                Task opening = OpenAsync(pipes);
                await Task.Delay(moment);
                killed = await StrikeAsync(client);
                await opening.WaitAsync(Wait.DefaultLimit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await TakeUnusedAsync(pipes);
            }
            else
            {
                await OpenAsync(pipes);
                client = FaultEnvironment.StartSelf(
                    ["client", environment.Ledgers, number.ToString(CultureInfo.InvariantCulture), .. pipes]);
                await client.WaitForOutputAsync(TransferClient.ConnectedLine);
                await Task.Delay(moment);
                killed = await StrikeAsync(client);
                ProgramResult ended = await client.FinishAsync();
                if (victim != Victim.Client && ended.ExitCode != 0)
                {
                    throw new FaultException($"The client failed: {ended}");
                }

                await Wait.UntilAsync(() => victim == Victim.Server || ServerSawAllEnds(ledger), "the guest program to see the end");
            }

            await environment.SettleAsync(victim);
        }
        catch (TimeoutException late)
        {
            IEnumerable<string> ends = Enumerable.Range(0, transfers).Select(
                transfer => Describe(transfer, ledger.Client(transfer), ledger.Server(transfer)));
            throw new FaultException($"{late.Message} Running: {environment.DescribeProcesses()}. {string.Join("; ", ends)}");
        }
        finally
        {
            if (client is not null)
            {
                await client.DisposeAsync();
            }
        }

        totals.Add(Stopwatch.GetElapsedTime(killed));
        for (int transfer = 0; transfer < transfers; transfer++)
        {
            Account(totals, transfer, ledger.Client(transfer), ledger.Server(transfer));
        }

        // A process that has it open keeps it.
        File.Delete(TransferLedger.PathOf(environment.Ledgers, number));
    }

    private async Task OpenAsync(string[] pipes)
    {
        foreach (string pipe in pipes)
        {
            await environment.Machines.OpenChannelAsync(
                FaultEnvironment.Machine, $@"\\.\pipe\{pipe}", environment.ServerPort, CancellationToken.None);
        }
    }

    /// <summary>Connects to and disconnects from pipes without a client, so that their channels end.</summary>
    private async Task TakeUnusedAsync(string[] pipes)
    {
        if (victim is Victim.Host or Victim.Guest)
        {
            return;
        }

        string[] open = [.. (await environment.Machines.ListChannelsAsync(null, CancellationToken.None)).Select(channel => channel.Pipe)];
        foreach (string pipe in pipes.Where(pipe => open.Any(name => name.EndsWith('\\' + pipe, StringComparison.Ordinal))))
        {
            await using System.IO.Pipes.NamedPipeClientStream visitor = new(".", pipe);
            try
            {
                await visitor.ConnectAsync(100);
            }
            catch (Exception e) when (e is TimeoutException or IOException)
            {
                // It has ended meanwhile.
            }
        }
    }

    private async Task<long> StrikeAsync(RunningProgram? client)
    {
        long began = Stopwatch.GetTimestamp();
        switch (victim)
        {
            case Victim.PausedMachine:
                await environment.Machines.PauseAsync(FaultEnvironment.Machine, CancellationToken.None);
                await Task.Delay(random.Next(LongestPauseMilliseconds));
                await environment.Machines.ResumeAsync(FaultEnvironment.Machine, CancellationToken.None);
                return began;
            case Victim.UpgradedGuest:
                await environment.UpgradeGuestServiceAsync();
                return began;
            default:
                return await KillAsync(client);
        }
    }

    private async Task<long> KillAsync(RunningProgram? client)
    {
        int? process = victim switch
        {
            Victim.Guest => environment.Guest,
            Victim.Host => environment.Host,
            Victim.Server => environment.Server,
            _ => client!.Id,
        };
        long at = Stopwatch.GetTimestamp();

        // A client may have done its work before it is killed.
        ProgramResult kill = await RunningProgram.RunAsync("kill", ["-KILL", process!.Value.ToString(CultureInfo.InvariantCulture)]);
        if (kill.ExitCode != 0 && victim != Victim.Client)
        {
            throw new FaultException($"The {victim} could not be killed: {kill}");
        }

        if (victim == Victim.Server)
        {
            await environment.AwaitServerEndAsync();
        }

        return at;
    }

    private bool ServerSawAllEnds(TransferLedger ledger) => Enumerable.Range(0, transfers).All(transfer =>
        ledger.Server(transfer).ReceiveEnd != 0 || (ledger.Server(transfer).Begun == 0 && ledger.Server(transfer).Received == 0));

    private void Account(FaultTotals totals, int transfer, in TransferCounts client, in TransferCounts server)
    {
        TransferEnd clientEnd = client.End;
        TransferEnd serverEnd = server.End;
        string what = Describe(transfer, client, server);
        if (clientEnd == TransferEnd.WrongBytes || serverEnd == TransferEnd.WrongBytes)
        {
            throw new FaultException($"wrong bytes in {what}");
        }

        if (client.Received > server.Begun || server.Received > client.Begun)
        {
            throw new FaultException($"more bytes arrived than were sent in {what}");
        }

        if (victim == Victim.Client && serverEnd == TransferEnd.EndedEarly && server.Received < client.Sent)
        {
            throw new FaultException($"the client's last bytes did not arrive, and the guest program got a normal end, in {what}");
        }

        if (victim != Victim.Client && server.WasToldAnOrderlyEnd && clientEnd != TransferEnd.None)
        {
            throw new FaultException($"the guest program got a normal end although a process was killed in {what}");
        }

        if (victim == Victim.PausedMachine && client.Begun + server.Begun > 0
            && (clientEnd != TransferEnd.Complete || serverEnd != TransferEnd.Complete))
        {
            throw new FaultException($"a pause cost bytes in {what}");
        }

        totals.Transfers++;
        totals.Complete += clientEnd == TransferEnd.Complete && serverEnd == TransferEnd.Complete ? 1 : 0;
        totals.Sent += client.Sent + server.Sent;
        totals.Received += client.Received + server.Received;

        // A write that was begun may have been partly transferred: bytes that arrived after the last completed write were not lost.
        Lose(totals, Math.Max(0, client.Sent - server.Received), clientEnd, serverEnd);
        Lose(totals, Math.Max(0, server.Sent - client.Received), clientEnd, serverEnd);
    }

    private static string Describe(int transfer, in TransferCounts client, in TransferCounts server) =>
        $"transfer {transfer} (client sent {client.Sent} to {client.Begun} of {client.Wanted}, got {client.Received}, {client.End}; "
        + $"server sent {server.Sent} to {server.Begun} of {server.Wanted}, got {server.Received}, {server.End})";

    private static void Lose(FaultTotals totals, long lost, TransferEnd clientEnd, TransferEnd serverEnd)
    {
        // A killed end cannot be notified; every other one must have been.
        bool isReported = clientEnd != TransferEnd.Complete && serverEnd != TransferEnd.Complete
            && (clientEnd != TransferEnd.None || serverEnd != TransferEnd.None);
        if (isReported)
        {
            totals.ReportedLost += lost;
        }
        else
        {
            totals.Unreported += lost;
        }
    }
}

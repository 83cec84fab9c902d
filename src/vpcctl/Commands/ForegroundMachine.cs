using Spectre.Console;
using Spectre.Console.Rendering;
using VpcComApi.CommandLine.Machines;
using VpcComApi.CommandLine.Output;
using VpcComApi.VirtualMachines;

namespace VpcComApi.CommandLine.Commands;

/// <summary>One machine, from its start to its end in the foreground.</summary>
/// <param name="session">The machines.</param>
/// <param name="terminal">Where it is shown.</param>
/// <param name="interruption">What ends it.</param>
/// <param name="name">The machine.</param>
/// <param name="channels">The channels to open.</param>
internal sealed class ForegroundMachine(
    IMachinesSession session, Terminal terminal, Interruption interruption, string name, IReadOnlyList<ChannelEnds> channels)
{
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan ShutdownLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan TurnOffLimit = TimeSpan.FromSeconds(30);

    private readonly IMachines machines = session.Machines;
    private readonly HashSet<ChannelEnds> closed = [];
    private readonly ChannelRates rates = new();

    /// <summary>Whether parents of its disks that have changed since they were linked are accepted as they are.</summary>
    public bool TrustsParent { get; init; }

    /// <summary>Starts the machine, shows it, and ends it when that is asked for.</summary>
    /// <param name="startLimit">How long the start may take.</param>
    public async Task<ExitCode> RunAsync(TimeSpan startLimit)
    {
        bool isOn = await IsOnAsync(interruption.Requested);
        try
        {
            await TimeLimit.RunAsync(startLimit, $"\"{name}\" to be ready", token => BeginAsync(isOn, token), interruption.Requested);
        }
        catch
        {
            // What this command began, it ends: a machine without the channels that were asked for is of no use.
            if (!isOn && await IsOnAsync(CancellationToken.None))
            {
                await TurnOffAsync();
            }

            throw;
        }

        terminal.WriteLine($"\"{name}\" is ready. Ctrl-C ends it.");
        if (!await WatchAsync())
        {
            terminal.Fail($"\"{name}\" has ended, and not by this command. \"vpcctl log\" may say why.");
            return ExitCode.MachineEnded;
        }

        await EndAsync();
        await StayForOthersAsync();
        return ExitCode.Done;
    }

    private async Task BeginAsync(bool isOn, CancellationToken cancellationToken)
    {
        if (!isOn)
        {
            OperationProgress start = await machines.StartAsync(name, TrustsParent, cancellationToken);
            await new ProgressDisplay(terminal, machines).ShowStartAsync(name, start, cancellationToken);
        }

        foreach (ChannelEnds channel in channels)
        {
            await machines.OpenChannelAsync(name, channel.Pipe, channel.Port, cancellationToken);
            terminal.WriteLine($"{channel.Pipe} leads to port {channel.Port} in \"{name}\".");
        }
    }

    /// <summary>Shows the machine until it has ended or its end is asked for.</summary>
    /// <returns>False when it has ended.</returns>
    private async Task<bool> WatchAsync()
    {
        bool showsTable = terminal.IsInteractive;
        if (!showsTable)
        {
            return await WatchAsync(_ => { });
        }

        return await terminal.Output.Live(new Text(string.Empty)).StartAsync(
            context => WatchAsync(open => context.UpdateTarget(Render(open))));
    }

    private async Task<bool> WatchAsync(Action<ChannelSummary[]> show)
    {
        using PeriodicTimer timer = new(Refresh);
        CancellationToken stop = interruption.Requested;
        try
        {
            while (await IsOnAsync(stop))
            {
                ChannelSummary[] open = channels.Count > 0 || session.Host.SeesChannels
                    ? await machines.ListChannelsAsync(name, stop)
                    : [];
                NoteClosed(open);
                show(open);
                await timer.WaitForNextTickAsync(stop);
            }

            return false;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return true;
        }
    }

    private void NoteClosed(ChannelSummary[] open)
    {
        foreach (ChannelEnds channel in channels)
        {
            if (!open.Any(status => status.Port == channel.Port && status.Pipe.Equals(channel.Pipe, StringComparison.OrdinalIgnoreCase))
                && closed.Add(channel)
                && !terminal.IsInteractive)
            {
                terminal.WriteLine($"{channel.Pipe} is closed: its client has gone.");
            }
        }
    }

    private Rows Render(ChannelSummary[] open)
    {
        IRenderable list = open.Length > 0
            ? Tables.OfChannels(rates.Add(open), isInteractive: true, showsRates: true)
            : new Text($"No open channel. \"vpcctl channel\" opens one.", new Style(decoration: Decoration.Dim));
        IEnumerable<IRenderable> gone = closed.Select(
            channel => new Text($"{channel.Pipe} is closed: its client has gone.", new Style(decoration: Decoration.Dim)));
        return new Rows([list, .. gone]);
    }

    private async Task EndAsync()
    {
        terminal.Note($"Ending \"{name}\"...");
        try
        {
            await TimeLimit.RunAsync(ShutdownLimit, "the guest to shut down", ShutDownAsync, interruption.Insisted);
        }
        catch (Exception e) when (Failure.Of(e).ExitCode != ExitCode.HostUnavailable)
        {
            // A guest that does not hear, or a second Ctrl-C: then the plug.
            if (await IsOnAsync(CancellationToken.None))
            {
                await PullThePlugAsync();
            }
        }

        terminal.WriteLine($"\"{name}\" is off.");
    }

    /// <summary>Turns the machine off. A refusal because it is going off already is no failure: then its end is waited for.</summary>
    private async Task PullThePlugAsync()
    {
        try
        {
            await TurnOffAsync();
        }
        catch (Exception e) when (Failure.Of(e).ExitCode == ExitCode.Failed)
        {
            await TimeLimit.RunAsync(TurnOffLimit, $"\"{name}\" to turn off", WaitUntilOffAsync, CancellationToken.None);
        }
    }

    private async Task ShutDownAsync(CancellationToken cancellationToken)
    {
        try
        {
            await CompleteAsync(await machines.ShutDownAsync(name, force: true, cancellationToken), cancellationToken);
        }
        catch (Exception e) when (Failure.IsOf(e, VirtualMachineError.ShutdownInProgress))
        {
            // Somebody has asked for it before: its end is what is waited for.
        }

        await WaitUntilOffAsync(cancellationToken);
    }

    private async Task WaitUntilOffAsync(CancellationToken cancellationToken)
    {
        using PeriodicTimer timer = new(Refresh);
        while (await IsOnAsync(cancellationToken))
        {
            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    private Task TurnOffAsync() => TimeLimit.RunAsync(
        TurnOffLimit,
        $"\"{name}\" to turn off",
        async token => await CompleteAsync(await machines.TurnOffAsync(name, token), token),
        CancellationToken.None);

    private Task CompleteAsync(OperationProgress operation, CancellationToken cancellationToken) =>
        ProgressDisplay.WaitAsync(machines, operation, _ => { }, cancellationToken);

    private async Task StayForOthersAsync()
    {
        if (!session.IsHostedHere)
        {
            return;
        }

        MachineList list = await machines.ListAsync(CancellationToken.None);
        string[] others = [.. list.Machines.Where(machine => IsOn(machine.State)).Select(machine => $"\"{machine.Name}\"")];
        if (others.Length > 0)
        {
            terminal.Note(
                $"{string.Join(", ", others)} still runs in this process, which stays until it is off. Ctrl-C again ends it too.");
            try
            {
                await session.WaitUntilNobodyDependsAsync(interruption.Insisted);
            }
            catch (OperationCanceledException)
            {
                // Asked to end: the machines end as each is set to.
            }
        }
    }

    private async Task<bool> IsOnAsync(CancellationToken cancellationToken)
    {
        MachineList list = await machines.ListAsync(cancellationToken);
        if (list.Machines.FirstOrDefault(machine => machine.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is not { } machine)
        {
            // The refusal says why there is none.
            return IsOn((await machines.GetAsync(name, cancellationToken)).State);
        }

        return IsOn(machine.State);
    }

    private static bool IsOn(MachineState state) => state is not (MachineState.TurnedOff or MachineState.Saved);
}

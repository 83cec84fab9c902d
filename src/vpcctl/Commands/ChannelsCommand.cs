using System.CommandLine;
using Spectre.Console;
using VpcComApi.CommandLine.Machines;
using VpcComApi.CommandLine.Output;

namespace VpcComApi.CommandLine.Commands;

/// <summary>Lists the open communication channels.</summary>
internal sealed class ChannelsCommand : MachinesCommand
{
    private static readonly TimeSpan Refresh = TimeSpan.FromSeconds(1);

    private readonly Argument<string?> name;
    private readonly Option<bool> json = CommonSymbols.Json();
    private readonly Option<bool> events = new("--events") { Description = "Show what each channel went through." };
    private readonly Option<bool> watch = new("--watch") { Description = "Show them anew every second, until Ctrl-C." };

    /// <inheritdoc cref="MachinesCommand(string, string, CommandServices)"/>
    public ChannelsCommand(CommandServices services)
        : base("channels", "List the open communication channels and what they have carried.", services)
    {
        name = CommonSymbols.OptionalMachineName(services);
        Add(name);
        Add(watch);
        Add(events);
        Add(json);
    }

    /// <inheritdoc/>
    protected override bool EndsWithOutput(ParseResult line) => line.GetValue(watch);

    /// <inheritdoc/>
    protected override (TimeSpan Limit, string What) LimitOf(ParseResult line) =>
        line.GetValue(watch) ? (Timeout.InfiniteTimeSpan, string.Empty) : base.LimitOf(line);

    /// <inheritdoc/>
    protected override async Task RunAsync(ParseResult line, IMachines machines, CancellationToken cancellationToken)
    {
        if (!line.GetValue(watch))
        {
            Show(line, await machines.ListChannelsAsync(line.GetValue(name), cancellationToken));
        }
        else if (Terminal.IsInteractive && !line.GetValue(json))
        {
            await Terminal.Output.Live(new Text(string.Empty)).StartAsync(context => WatchAsync(
                line, machines, channels => context.UpdateTarget(TableOf(line, channels, isInteractive: true)), cancellationToken));
        }
        else
        {
            await WatchAsync(line, machines, channels => Show(line, channels), cancellationToken);
        }
    }

    private async Task WatchAsync(
        ParseResult line, IMachines machines, Action<ChannelSummary[]> show, CancellationToken cancellationToken)
    {
        using PeriodicTimer timer = new(Refresh);
        ChannelRates rates = new();
        try
        {
            do
            {
                show(rates.Add(await machines.ListChannelsAsync(line.GetValue(name), cancellationToken)));
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // That is how one ends watching.
        }
    }

    private void Show(ParseResult line, ChannelSummary[] channels)
    {
        if (line.GetValue(json))
        {
            MachinesJsonContext context = line.GetValue(watch) ? JsonOutput.Lines : JsonOutput.Context;
            Terminal.WriteJson(channels, context.ChannelSummaryArray);
        }
        else
        {
            Terminal.Write(TableOf(line, channels, Terminal.IsInteractive));
        }
    }

    private Table TableOf(ParseResult line, ChannelSummary[] channels, bool isInteractive) => line.GetValue(events)
        ? Tables.OfEvents(channels, isInteractive)
        : Tables.OfChannels(channels, isInteractive, showsRates: line.GetValue(watch));
}

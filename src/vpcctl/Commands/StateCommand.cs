using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using VpcComApi.CommandLine.Machines;
using VpcComApi.CommandLine.Output;
using VpcComApi.EventLogging;

namespace VpcComApi.CommandLine.Commands;

/// <summary>Shows how a machine is.</summary>
internal sealed class StateCommand : MachinesCommand
{
    private readonly Argument<string> name;
    private readonly Option<bool> json = CommonSymbols.Json();

    /// <inheritdoc cref="MachinesCommand(string, string, CommandServices)"/>
    public StateCommand(CommandServices services)
        : base("state", "Show a machine's state and what its guest says of itself.", services)
    {
        name = CommonSymbols.MachineName(services);
        Add(name);
        Add(json);
    }

    /// <inheritdoc/>
    protected override async Task RunAsync(ParseResult line, IMachines machines, CancellationToken cancellationToken)
    {
        MachineDetails machine = await machines.GetAsync(line.GetRequiredValue(name), cancellationToken);
        if (line.GetValue(json))
        {
            Terminal.WriteJson(machine, JsonOutput.Context.MachineDetails);
            return;
        }

        Grid grid = new();
        grid.AddColumn(new GridColumn { NoWrap = true, Padding = new Padding(0, 0, 2, 0) });
        grid.AddColumn(new GridColumn { Padding = new Padding(0) });
        Add("Name", machine.Name);
        grid.AddRow(new Text("State"), Tables.OfState(machine.State, machine.PauseReason));
        Add("Ready", machine.Ready ? "yes, channels can be opened" : "no");
        Add("Memory", $"{machine.MemoryMegabytes} MB");
        Add("Asset tag", machine.ChassisAssetTag);
        Add("File", machine.File);
        Add("Guest", machine.ComputerName);
        Add("System", machine.OperatingSystem);
        Add("Heartbeat", machine.HeartbeatPercent is { } percent ? percent.ToString(CultureInfo.InvariantCulture) + " %" : null);
        Add("Clock", DescribeClock(machine.ClockOffsetMilliseconds));
        Add("Components", machine.IntegrationComponentsVersion);
        Terminal.Write(grid);

        void Add(string title, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                grid.AddRow(new Text(title), new Text(VisibleText.Of(value)));
            }
        }
    }

    private static string? DescribeClock(long? offset) => offset switch
    {
        null => null,
        > 0 => string.Create(CultureInfo.InvariantCulture, $"was {offset / 1000.0:0.0} s ahead of the host's"),
        _ => string.Create(CultureInfo.InvariantCulture, $"was {-offset / 1000.0:0.0} s behind the host's"),
    };
}

using System.CommandLine;
using VpcComApi.CommandLine.Machines;
using VpcComApi.CommandLine.Output;

namespace VpcComApi.CommandLine.Commands;

/// <summary>Lists the integration devices that a guest sees.</summary>
internal sealed class DevicesCommand : MachinesCommand
{
    private readonly Argument<string> name;
    private readonly Option<bool> json = CommonSymbols.Json();

    /// <inheritdoc cref="MachinesCommand(string, string, CommandServices)"/>
    public DevicesCommand(CommandServices services)
        : base("devices", "List the integration devices that a guest sees: two for each open channel.", services)
    {
        name = CommonSymbols.MachineName(services);
        Add(name);
        Add(json);
    }

    /// <inheritdoc/>
    protected override async Task RunAsync(ParseResult line, IMachines machines, CancellationToken cancellationToken)
    {
        DeviceSummary[] devices = await machines.ListDevicesAsync(line.GetRequiredValue(name), cancellationToken);
        if (line.GetValue(json))
        {
            Terminal.WriteJson(devices, JsonOutput.Context.DeviceSummaryArray);
        }
        else
        {
            Terminal.Write(Tables.OfDevices(devices, Terminal.IsInteractive));
        }
    }
}

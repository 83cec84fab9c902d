using System.CommandLine;
using VpcComApi.CommandLine.Machines;
using VpcComApi.CommandLine.Output;

namespace VpcComApi.CommandLine.Commands;

/// <summary>Lists the machines.</summary>
internal sealed class ListCommand : MachinesCommand
{
    private readonly Option<bool> json = CommonSymbols.Json();

    /// <inheritdoc cref="MachinesCommand(string, string, CommandServices)"/>
    public ListCommand(CommandServices services)
        : base("list", "List the machines and their states.", services) => Add(json);

    /// <inheritdoc/>
    protected override async Task RunAsync(ParseResult line, IMachines machines, CancellationToken cancellationToken)
    {
        MachineList list = await machines.ListAsync(cancellationToken);
        if (line.GetValue(json))
        {
            Terminal.WriteJson(list, JsonOutput.Context.MachineList);
            return;
        }

        Terminal.Write(Tables.OfMachines(list.Machines, Terminal.IsInteractive));
        foreach (MachineProblem problem in list.Problems)
        {
            Terminal.Warn($"\"{problem.Name}\" ({problem.File}) cannot be read: {problem.Reason}");
        }
    }
}

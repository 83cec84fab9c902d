using System.CommandLine;
using VpcComApi.CommandLine.Machines;

namespace VpcComApi.CommandLine.Commands;

/// <summary>Throws a machine's saved state, or its undo disks, away.</summary>
internal sealed class DiscardCommand : MachinesCommand
{
    private readonly Argument<string> name;
    private readonly Option<bool> undo = new("--undo")
    {
        Description = "Throw the undo disks of a machine that is off away instead: its disks are again what they were before.",
    };

    /// <inheritdoc cref="MachinesCommand(string, string, CommandServices)"/>
    public DiscardCommand(CommandServices services)
        : base("discard", "Throw a machine's saved state away: it is off afterwards, and starts anew.", services)
    {
        name = CommonSymbols.MachineName(services);
        Add(name);
        Add(undo);
    }

    /// <inheritdoc/>
    protected override async Task RunAsync(ParseResult line, IMachines machines, CancellationToken cancellationToken)
    {
        string machine = line.GetRequiredValue(name);
        if (line.GetValue(undo))
        {
            await machines.DiscardUndoDisksAsync(machine, cancellationToken);
            Terminal.WriteLine($"\"{machine}\" has no undo disks any more.");
        }
        else
        {
            await machines.DiscardSavedStateAsync(machine, cancellationToken);
            Terminal.WriteLine($"The saved state of \"{machine}\" is thrown away; it is off.");
        }
    }
}

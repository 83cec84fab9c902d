using System.CommandLine;
using VpcComApi.CommandLine.Machines;

namespace VpcComApi.CommandLine.Commands;

/// <summary>Deletes a machine.</summary>
internal sealed class RemoveCommand : MachinesCommand
{
    private readonly Argument<string> name;
    private readonly Option<bool> keepFiles = new("--keep-files") { Description = "Forget the machine and leave its files." };

    /// <inheritdoc cref="MachinesCommand(string, string, CommandServices)"/>
    public RemoveCommand(CommandServices services)
        : base("remove", "Delete a machine that is off or saved: its configuration, saved state and undo data. Disk images stay.", services)
    {
        name = CommonSymbols.MachineName(services);
        Add(name);
        Add(keepFiles);
    }

    /// <inheritdoc/>
    protected override async Task RunAsync(ParseResult line, IMachines machines, CancellationToken cancellationToken)
    {
        string machine = line.GetRequiredValue(name);
        bool keep = line.GetValue(keepFiles);
        bool isDeleted = await machines.RemoveAsync(machine, keep, cancellationToken);
        Terminal.WriteLine(
            isDeleted ? $"\"{machine}\" is deleted."
            : keep ? $"\"{machine}\" is forgotten; its files stay."
            : $"\"{machine}\" is forgotten. Its .vmc file could not be read, so that file, if it is there, and all others of the machine "
                + "stay.");
    }
}

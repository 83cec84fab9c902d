using System.CommandLine;
using VpcComApi.CommandLine.Machines;

namespace VpcComApi.CommandLine.Commands;

/// <summary>Saves a machine's state and ends it.</summary>
internal sealed class SaveCommand : OperationCommand
{
    /// <inheritdoc cref="MachinesCommand(string, string, CommandServices)"/>
    public SaveCommand(CommandServices services)
        : base("save", "Save the guest's state and end the machine; the next start goes on from there.", services)
    {
    }

    /// <inheritdoc/>
    protected override string DoneText(string machine) => $"\"{machine}\" is saved.";

    /// <inheritdoc/>
    protected override async Task<OperationProgress?> BeginAsync(
        ParseResult line, IMachines machines, string machine, CancellationToken cancellationToken) =>
        await machines.SaveAsync(machine, cancellationToken);
}

using System.CommandLine;
using VpcComApi.CommandLine.Machines;

namespace VpcComApi.CommandLine.Commands;

/// <summary>Pauses a machine.</summary>
internal sealed class PauseCommand : OperationCommand
{
    /// <inheritdoc cref="MachinesCommand(string, string, CommandServices)"/>
    public PauseCommand(CommandServices services)
        : base("pause", "Stop the guest's processor; channels stay and stall.", services)
    {
    }

    /// <inheritdoc/>
    protected override string DoneText(string machine) => $"\"{machine}\" is paused.";

    /// <inheritdoc/>
    protected override async Task<OperationProgress?> BeginAsync(
        ParseResult line, IMachines machines, string machine, CancellationToken cancellationToken)
    {
        await machines.PauseAsync(machine, cancellationToken);
        return null;
    }
}

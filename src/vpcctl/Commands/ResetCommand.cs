using System.CommandLine;
using VpcComApi.CommandLine.Machines;

namespace VpcComApi.CommandLine.Commands;

/// <summary>Presses a machine's reset button.</summary>
internal sealed class ResetCommand : OperationCommand
{
    /// <inheritdoc cref="MachinesCommand(string, string, CommandServices)"/>
    public ResetCommand(CommandServices services)
        : base("reset", "Press the reset button: the guest starts anew.", services)
    {
    }

    /// <inheritdoc/>
    protected override string DoneText(string machine) => $"\"{machine}\" has been reset.";

    /// <inheritdoc/>
    protected override async Task<OperationProgress?> BeginAsync(
        ParseResult line, IMachines machines, string machine, CancellationToken cancellationToken) =>
        await machines.ResetAsync(machine, cancellationToken);
}

using System.CommandLine;
using VpcComApi.CommandLine.Machines;

namespace VpcComApi.CommandLine.Commands;

/// <summary>Lets a paused machine go on.</summary>
internal sealed class ResumeCommand : OperationCommand
{
    /// <inheritdoc cref="MachinesCommand(string, string, CommandServices)"/>
    public ResumeCommand(CommandServices services)
        : base("resume", "Let a paused machine go on.", services)
    {
    }

    /// <inheritdoc/>
    protected override string DoneText(string machine) => $"\"{machine}\" goes on.";

    /// <inheritdoc/>
    protected override async Task<OperationProgress?> BeginAsync(
        ParseResult line, IMachines machines, string machine, CancellationToken cancellationToken)
    {
        await machines.ResumeAsync(machine, cancellationToken);
        return null;
    }
}

using System.CommandLine;
using VpcComApi.CommandLine.Machines;

namespace VpcComApi.CommandLine.Commands;

/// <summary>Turns a machine off, or shuts its guest down.</summary>
internal sealed class StopCommand : OperationCommand
{
    private readonly Option<bool> shutdown = new("--shutdown")
    {
        Description = "Shut the guest down instead of turning it off without asking the guest.",
    };
    private readonly Option<bool> force = new("--force") { Description = "With --shutdown: do not ask programs or a locked screen." };

    /// <inheritdoc cref="MachinesCommand(string, string, CommandServices)"/>
    public StopCommand(CommandServices services)
        : base("stop", "Turn a machine off.", services)
    {
        Add(shutdown);
        Add(force);
        Validators.Add(result =>
        {
            if (result.GetValue(force) && !result.GetValue(shutdown))
            {
                result.AddError("--force goes with --shutdown: without it the machine is turned off, and nobody is asked.");
            }
        });
    }

    /// <inheritdoc/>
    protected override string DoneText(string machine) => $"\"{machine}\" is off.";

    /// <inheritdoc/>
    protected override async Task<OperationProgress?> BeginAsync(
        ParseResult line, IMachines machines, string machine, CancellationToken cancellationToken) => line.GetValue(shutdown)
            ? await machines.ShutDownAsync(machine, line.GetValue(force), cancellationToken)
            : await machines.TurnOffAsync(machine, cancellationToken);
}

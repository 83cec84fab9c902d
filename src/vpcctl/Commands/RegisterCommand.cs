using System.CommandLine;
using VpcComApi.CommandLine.Machines;

namespace VpcComApi.CommandLine.Commands;

/// <summary>Registers a machine whose files are there already.</summary>
internal sealed class RegisterCommand : MachinesCommand
{
    private readonly Argument<string> file = new("FILE") { HelpName = "FILE", Description = "The machine's .vmc file." };

    /// <inheritdoc cref="MachinesCommand(string, string, CommandServices)"/>
    public RegisterCommand(CommandServices services)
        : base("register",
            "Make a machine known whose files are there already, from another program or after \"remove --keep-files\".", services) =>
        Add(file);

    /// <inheritdoc/>
    protected override async Task RunAsync(ParseResult line, IMachines machines, CancellationToken cancellationToken)
    {
        MachineSummary made = await machines.RegisterAsync(Path.GetFullPath(line.GetRequiredValue(file)), cancellationToken);
        Terminal.WriteLine($"\"{made.Name}\" is registered: {made.File}");
    }
}

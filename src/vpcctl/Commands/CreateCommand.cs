using System.CommandLine;
using VpcComApi.CommandLine.Machines;

namespace VpcComApi.CommandLine.Commands;

/// <summary>Makes a machine.</summary>
internal sealed class CreateCommand : MachinesCommand
{
    private readonly Argument<string> name = new("NAME") { Description = "The new machine's name, at most 80 characters." };
    private readonly Option<string?> folder = new("--folder") { Description = "Where its files go.", HelpName = "FOLDER" };
    private readonly Option<int?> memory = new("--memory") { Description = "Its memory in megabytes.", HelpName = "MB" };

    /// <inheritdoc cref="MachinesCommand(string, string, CommandServices)"/>
    public CreateCommand(CommandServices services)
        : base("create", "Make a machine.", services)
    {
        Add(name);
        Add(folder);
        Add(memory);
    }

    /// <inheritdoc/>
    protected override async Task RunAsync(ParseResult line, IMachines machines, CancellationToken cancellationToken)
    {
        string? path = line.GetValue(folder) is { } given ? Path.GetFullPath(given) : null;
        MachineSummary made = await machines.CreateAsync(line.GetRequiredValue(name), path, line.GetValue(memory), cancellationToken);
        Terminal.WriteLine($"\"{made.Name}\" is made: {made.File}");
    }
}

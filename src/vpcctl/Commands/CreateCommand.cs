using System.CommandLine;
using VpcComApi.CommandLine.Machines;

namespace VpcComApi.CommandLine.Commands;

/// <summary>Makes a machine.</summary>
internal sealed class CreateCommand : MachinesCommand
{
    /// <summary>Where a machine's configuration names its provider (docs/machines.md).</summary>
    private const string ProviderKey = "integration/vpccomapi/provider";

    private readonly Argument<string> name = new("NAME")
    {
        HelpName = "NAME",
        Description = "The new machine's name, at most 80 characters.",
    };
    private readonly Option<string?> folder = new("--folder") { Description = "Where its files go.", HelpName = "FOLDER" };
    private readonly Option<int?> memory = new("--memory") { Description = "Its memory in megabytes.", HelpName = "MB" };
    private readonly Option<string?> disk = new("--disk") { Description = "Its first hard disk, a .vhd file.", HelpName = "FILE" };
    private readonly Option<string?> provider = new("--provider")
    {
        Description = "What runs it: emulated or qemu.",
        HelpName = "PROVIDER",
    };
    private readonly Option<string[]> values = new("--set")
    {
        Description = "A value of its configuration, KEY=VALUE or KEY:TYPE=VALUE; may be repeated.",
        HelpName = "KEY=VALUE",
    };


    /// <inheritdoc cref="MachinesCommand(string, string, CommandServices)"/>
    public CreateCommand(CommandServices services)
        : base("create", "Make a machine.", services)
    {
        Add(name);
        Add(folder);
        Add(memory);
        Add(disk);
        Add(provider);
        Add(values);
        values.Validators.Add(static result => CommonSymbols.CheckAssignments(result, result.Tokens.Select(token => token.Value)));
    }

    /// <inheritdoc/>
    protected override async Task RunAsync(ParseResult line, IMachines machines, CancellationToken cancellationToken)
    {
        string? path = line.GetValue(folder) is { } given ? Path.GetFullPath(given) : null;
        ConfigurationValue[] configuration = Values(line);
        string? diskPath = line.GetValue(disk) is { } image ? Path.GetFullPath(image) : null;
        MachineSummary made = await machines.CreateAsync(
            line.GetRequiredValue(name), path, line.GetValue(memory), diskPath, configuration, cancellationToken);
        Terminal.WriteLine($"\"{made.Name}\" is made: {made.File}");
    }

    /// <summary>
    /// The values that the machine is to have. A key that is given twice has the last one, as on a machine that is there.
    /// </summary>
    private ConfigurationValue[] Values(ParseResult line)
    {
        IEnumerable<ConfigurationAssignment> given = (line.GetValue(values) ?? []).Select(ConfigurationAssignment.Parse);
        IEnumerable<ConfigurationAssignment> all = line.GetValue(provider) is { } chosen
            ? given.Prepend(new ConfigurationAssignment(ProviderKey, null, chosen))
            : given;
        return [.. all.Select(assignment => assignment.ToValue())];
    }
}

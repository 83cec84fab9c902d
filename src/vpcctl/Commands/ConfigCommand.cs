using System.CommandLine;
using System.CommandLine.Parsing;
using VpcComApi.CommandLine.Machines;
using VpcComApi.CommandLine.Output;

namespace VpcComApi.CommandLine.Commands;

/// <summary>Reads and changes the values of a machine's configuration.</summary>
/// <remarks>The action is an argument and no subcommand, so that a machine may be called like an action.</remarks>
internal sealed class ConfigCommand : MachinesCommand
{
    private const string Get = "get";
    private const string Set = "set";
    private const string Unset = "unset";
    private const string List = "list";

    private readonly Argument<string> name;
    private readonly Argument<string> action = new("ACTION") { HelpName = "ACTION", Description = "get, set, unset or list." };
    private readonly Argument<string[]> items = new("ITEM")
    {
        HelpName = "ITEM",
        Description = "For get and unset, KEY; for set, KEY=VALUE or KEY:TYPE=VALUE.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<bool> json = CommonSymbols.Json();

    /// <inheritdoc cref="MachinesCommand(string, string, CommandServices)"/>
    public ConfigCommand(CommandServices services)
        : base("config", "Read and change the values of a machine's configuration.", services)
    {
        name = CommonSymbols.MachineName(services);
        action.AcceptOnlyFromAmong(Get, Set, Unset, List);
        Add(name);
        Add(action);
        Add(items);
        Add(json);
        Validators.Add(Check);
    }

    /// <inheritdoc/>
    protected override async Task RunAsync(ParseResult line, IMachines machines, CancellationToken cancellationToken)
    {
        string machine = line.GetRequiredValue(name);
        string[] given = line.GetValue(items) ?? [];
        switch (line.GetRequiredValue(action))
        {
            case Set:
                // All are read before one is written.
                ConfigurationValue[] values = [.. given.Select(item => ConfigurationAssignment.Parse(item).ToValue())];
                await machines.ChangeConfigurationAsync(machine, values, [], cancellationToken);
                Array.ForEach(values, value => Terminal.WriteLine($"{value.Key} = {value.Value} ({value.Type})"));
                break;
            case Unset:
                await machines.ChangeConfigurationAsync(machine, [], given, cancellationToken);
                Array.ForEach(given, key => Terminal.WriteLine($"{key} is unset."));
                break;
            case Get:
                Show(line, await machines.ReadConfigurationAsync(machine, given, cancellationToken), ShowTexts);
                break;
            default:
                Show(line, await machines.ReadConfigurationAsync(machine, [], cancellationToken), ShowTable);
                break;
        }
    }

    private void Check(CommandResult result)
    {
        string? wanted = result.GetValue(action);
        string[] given = result.GetValue(items) ?? [];
        if (wanted == List && given.Length > 0)
        {
            result.AddError("list takes no key; get does.");
        }
        else if (wanted is Get or Unset && given.Length == 0)
        {
            result.AddError($"{wanted} needs a key.");
        }
        else if (wanted == Set && given.Length == 0)
        {
            result.AddError("set needs KEY=VALUE.");
        }
        else if (wanted == Set)
        {
            CommonSymbols.CheckAssignments(result, given);
        }
    }

    private void Show(ParseResult line, ConfigurationValue[] values, Action<ConfigurationValue[]> show)
    {
        if (line.GetValue(json))
        {
            Terminal.WriteJson(values, JsonOutput.Context.ConfigurationValueArray);
        }
        else
        {
            show(values);
        }
    }

    private void ShowTexts(ConfigurationValue[] values)
    {
        foreach (ConfigurationValue value in values)
        {
            if (Terminal.IsInteractive)
            {
                Terminal.WriteLine(value.Value);
            }
            else
            {
                Terminal.WriteRaw(value.Value);
            }
        }
    }

    private void ShowTable(ConfigurationValue[] values) => Terminal.Write(Tables.OfConfiguration(values, Terminal.IsInteractive));
}

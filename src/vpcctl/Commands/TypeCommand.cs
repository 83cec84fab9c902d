using System.CommandLine;
using VpcComApi.CommandLine.Machines;

namespace VpcComApi.CommandLine.Commands;

/// <summary>Types on a machine's keyboard.</summary>
internal sealed class TypeCommand : MachinesCommand
{
    private readonly Argument<string> name;
    private readonly Argument<string> text = new("TEXT") { HelpName = "TEXT", Description = "What is typed: ASCII; a line end is Enter." };
    private readonly Option<bool> enter = new("--enter") { Description = "Press Enter after it." };
    private readonly Option<bool> keys = new("--keys")
    {
        Description = "TEXT is a key sequence, such as DOWN,Key_LeftCtrl,Key_C,UP,Key_LeftCtrl.",
    };

    /// <inheritdoc cref="MachinesCommand(string, string, CommandServices)"/>
    public TypeCommand(CommandServices services)
        : base("type", "Type on a machine's keyboard.", services)
    {
        name = CommonSymbols.MachineName(services);
        Add(name);
        Add(text);
        Add(enter);
        Add(keys);
    }

    /// <inheritdoc/>
    protected override (TimeSpan Limit, string What) LimitOf(ParseResult line) => (Limits.Typing, "the keys to be taken in");

    /// <inheritdoc/>
    protected override async Task RunAsync(ParseResult line, IMachines machines, CancellationToken cancellationToken)
    {
        string machine = line.GetRequiredValue(name);
        await machines.TypeAsync(machine, line.GetRequiredValue(text), line.GetValue(keys), cancellationToken);
        if (line.GetValue(enter))
        {
            await machines.TypeAsync(machine, "\n", isKeySequence: false, cancellationToken);
        }
    }
}

using System.CommandLine;
using VpcComApi.CommandLine.Machines;
using VpcComApi.CommandLine.Output;

namespace VpcComApi.CommandLine.Commands;

/// <summary>Starts a machine and waits until its guest is up.</summary>
internal sealed class StartCommand : MachinesCommand
{
    private const double DefaultTimeoutSeconds = 120;

    private readonly Argument<string> name;
    private readonly Option<bool> noWait = new("--no-wait") { Description = "Return at once, while the machine starts." };
    private readonly Option<bool> trustParent = CommonSymbols.TrustParent();
    private readonly Option<double> timeout = CommonSymbols.Timeout(DefaultTimeoutSeconds);

    /// <inheritdoc cref="MachinesCommand(string, string, CommandServices)"/>
    public StartCommand(CommandServices services)
        : base("start", "Start a machine, or restore its saved state, and wait until channels can be opened.", services)
    {
        name = CommonSymbols.MachineName(services);
        Add(name);
        Add(noWait);
        Add(trustParent);
        Add(timeout);
    }

    /// <inheritdoc/>
    protected override (TimeSpan Limit, string What) LimitOf(ParseResult line) =>
        (TimeSpan.FromSeconds(line.GetValue(timeout)), $"\"{line.GetValue(name)}\" to be ready");

    /// <inheritdoc/>
    protected override async Task RunAsync(ParseResult line, IMachines machines, CancellationToken cancellationToken)
    {
        string machine = line.GetRequiredValue(name);
        OperationProgress start = await machines.StartAsync(machine, line.GetValue(trustParent), cancellationToken);
        if (line.GetValue(noWait))
        {
            Terminal.WriteLine($"\"{machine}\" is starting.");
            return;
        }

        await new ProgressDisplay(Terminal, machines).ShowStartAsync(machine, start, cancellationToken);
        Terminal.WriteLine($"\"{machine}\" is ready.");
    }
}

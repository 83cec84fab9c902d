using System.CommandLine;
using VpcComApi.CommandLine.Machines;
using VpcComApi.CommandLine.Output;

namespace VpcComApi.CommandLine.Commands;

/// <summary>A command that has something done to a machine and waits until it is done.</summary>
internal abstract class OperationCommand : MachinesCommand
{
    private const double DefaultTimeoutSeconds = 60;

    private readonly Argument<string> name;
    private readonly Option<double> timeout = CommonSymbols.Timeout(DefaultTimeoutSeconds);

    /// <inheritdoc cref="MachinesCommand(string, string, CommandServices)"/>
    protected OperationCommand(string command, string description, CommandServices services)
        : base(command, description, services)
    {
        name = CommonSymbols.MachineName(services);
        Add(name);
        Add(timeout);
    }

    /// <inheritdoc/>
    protected sealed override (TimeSpan Limit, string What) LimitOf(ParseResult line) =>
        (TimeSpan.FromSeconds(line.GetValue(timeout)), $"\"{Name} {line.GetValue(name)}\" to be done");

    /// <summary>What is said when it is done.</summary>
    /// <param name="machine">The machine's name.</param>
    protected abstract string DoneText(string machine);

    /// <summary>Begins it.</summary>
    /// <param name="line">The command line.</param>
    /// <param name="machines">The machines.</param>
    /// <param name="machine">The machine's name.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The operation, or null when it is done.</returns>
    protected abstract Task<OperationProgress?> BeginAsync(
        ParseResult line, IMachines machines, string machine, CancellationToken cancellationToken);

    /// <inheritdoc/>
    protected sealed override async Task RunAsync(ParseResult line, IMachines machines, CancellationToken cancellationToken)
    {
        string machine = line.GetRequiredValue(name);
        if (await BeginAsync(line, machines, machine, cancellationToken) is { } operation)
        {
            await new ProgressDisplay(Terminal, machines).ShowAsync(operation, cancellationToken);
        }

        Terminal.WriteLine(DoneText(machine));
    }
}

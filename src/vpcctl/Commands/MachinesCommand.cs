using System.CommandLine;
using VpcComApi.CommandLine.Machines;
using VpcComApi.CommandLine.Output;

namespace VpcComApi.CommandLine.Commands;

/// <summary>A command on the machines.</summary>
internal abstract class MachinesCommand : Command
{
    private readonly CommandServices services;

    /// <param name="name">The command.</param>
    /// <param name="description">What it does.</param>
    /// <param name="services">What it works with.</param>
    protected MachinesCommand(string name, string description, CommandServices services)
        : base(name, description)
    {
        this.services = services;
        SetAction(InvokeAsync);
    }

    /// <summary>Where words go.</summary>
    protected Terminal Terminal => services.Terminal;

    /// <summary>Whether the command goes on until Ctrl-C, and so is to end when nobody reads what it prints.</summary>
    protected virtual bool EndsWithOutput(ParseResult line) => false;

    /// <summary>How long the command may take, and what it waits for.</summary>
    protected virtual (TimeSpan Limit, string What) LimitOf(ParseResult line) => (Limits.Answer, "an answer");

    /// <summary>Does it.</summary>
    protected abstract Task RunAsync(ParseResult line, IMachines machines, CancellationToken cancellationToken);

    private async Task<int> InvokeAsync(ParseResult line, CancellationToken cancellationToken)
    {
        CancellationToken interrupted = services.Interruption.Requested;
        using IDisposable? watch = EndsWithOutput(line) ? services.EndWithOutput() : null;
        await using IMachinesSession session = await services.Source.ConnectAsync(interrupted);
        (TimeSpan limit, string what) = LimitOf(line);
        await TimeLimit.RunAsync(limit, what, token => RunAsync(line, session.Machines, token), interrupted);
        return (int)ExitCode.Done;
    }
}

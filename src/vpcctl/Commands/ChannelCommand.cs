using System.CommandLine;
using System.CommandLine.Parsing;
using VpcComApi.CommandLine.Machines;

namespace VpcComApi.CommandLine.Commands;

/// <summary>Opens a communication channel.</summary>
internal sealed class ChannelCommand : MachinesCommand
{
    private const double DefaultTimeoutSeconds = 30;

    private readonly Argument<string> name;
    private readonly Option<double> timeout = CommonSymbols.Timeout(DefaultTimeoutSeconds);

    private readonly Option<string> pipe = new("--pipe")
    {
        Description = @"The pipe on the host: a bare name, or \\.\pipe\NAME.",
        HelpName = "PIPE",
        Required = true,
        CustomParser = result => Parse(result, ChannelEnds.ParsePipe),
    };

    private readonly Option<int> port = new("--port")
    {
        Description = "The TCP port in the guest, where a program listens on 127.0.0.1.",
        HelpName = "PORT",
        Required = true,
        CustomParser = result => Parse(result, ChannelEnds.ParsePort),
    };

    /// <inheritdoc cref="MachinesCommand(string, string, CommandServices)"/>
    public ChannelCommand(CommandServices services)
        : base("channel", "Open a communication channel between a pipe on the host and a TCP port in the guest.", services)
    {
        name = CommonSymbols.MachineName(services);
        Add(name);
        Add(pipe);
        Add(port);
        Add(timeout);
    }

    /// <inheritdoc/>
    protected override (TimeSpan Limit, string What) LimitOf(ParseResult line) =>
        (TimeSpan.FromSeconds(line.GetValue(timeout)), $"the channel {line.GetValue(pipe)} of \"{line.GetValue(name)}\" to open");

    /// <inheritdoc/>
    protected override async Task RunAsync(ParseResult line, IMachines machines, CancellationToken cancellationToken)
    {
        string machine = line.GetRequiredValue(name);
        ChannelEnds ends = new(line.GetRequiredValue(pipe), line.GetValue(port));
        await machines.OpenChannelAsync(machine, ends.Pipe, ends.Port, cancellationToken);
        Terminal.WriteLine($"{ends.Pipe} leads to port {ends.Port} in \"{machine}\".");
    }

    private static T? Parse<T>(ArgumentResult result, Func<string, T> parse)
    {
        try
        {
            return parse(result.Tokens[0].Value);
        }
        catch (FormatException e)
        {
            result.AddError(e.Message);
            return default;
        }
    }
}

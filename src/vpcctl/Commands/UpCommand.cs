using System.CommandLine;
using VpcComApi.CommandLine.Machines;

namespace VpcComApi.CommandLine.Commands;

/// <summary>Runs a machine in the foreground.</summary>
internal sealed class UpCommand : Command
{
    private const double DefaultTimeoutSeconds = 120;

    private readonly CommandServices services;
    private readonly Argument<string> name;
    private readonly Option<bool> trustParent = CommonSymbols.TrustParent();
    private readonly Option<double> timeout = CommonSymbols.Timeout(DefaultTimeoutSeconds);

    private readonly Option<ChannelEnds[]> channels = new("--channel")
    {
        Description = @"A channel to open: a pipe on the host, bare or as \\.\pipe\NAME, and a TCP port in the guest. "
            + "May be given several times.",
        HelpName = "PIPE:PORT",
        CustomParser = result =>
        {
            try
            {
                return [.. result.Tokens.Select(token => ChannelEnds.Parse(token.Value))];
            }
            catch (FormatException e)
            {
                result.AddError(e.Message);
                return [];
            }
        },
    };

    /// <param name="services">What it works with.</param>
    public UpCommand(CommandServices services)
        : base("up", "Run a machine in the foreground, show its channels, and end it on Ctrl-C.")
    {
        this.services = services;
        name = CommonSymbols.MachineName(services);
        Add(name);
        Add(channels);
        Add(trustParent);
        Add(timeout);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult line, CancellationToken cancellationToken)
    {
        using IDisposable watch = services.EndWithOutput();
        await using IMachinesSession session = await services.Source.HostOrConnectAsync(services.Interruption.Requested);
        ForegroundMachine machine = new(
            session, services.Terminal, services.Interruption, line.GetRequiredValue(name), line.GetValue(channels) ?? [])
        {
            TrustsParent = line.GetValue(trustParent),
        };
        return (int)await machine.RunAsync(TimeSpan.FromSeconds(line.GetValue(timeout)));
    }
}

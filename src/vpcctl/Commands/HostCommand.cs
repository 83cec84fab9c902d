using System.CommandLine;
using VpcComApi.CommandLine.Hosting;

namespace VpcComApi.CommandLine.Commands;

/// <summary>Hosts the machines in the background. Other commands start it; nobody types it.</summary>
internal sealed class HostCommand : Command
{
    private readonly CommandServices services;

    /// <param name="services">What it works with.</param>
    public HostCommand(CommandServices services)
        : base(HostProcess.Command, "Host the machines until nobody has needed them for a while.")
    {
        this.services = services;
        Hidden = true;
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult line, CancellationToken cancellationToken)
    {
        HostProcess.Detach();
        await services.Source.HostUntilIdleAsync(
            () => services.Terminal.WriteRaw(HostProcess.ReadyLine), services.Interruption.Requested);
        return (int)ExitCode.Done;
    }
}

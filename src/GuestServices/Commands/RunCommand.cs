using System.CommandLine;
using VpcComApi.GuestServices.Hosting;
using VpcComApi.GuestServices.Links;

namespace VpcComApi.GuestServices.Commands;

/// <summary><c>vmsrvc run</c>: serves the host until it is told to stop.</summary>
internal static class RunCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        Option<string?> bus = new("--bus")
        {
            Description = $"Where the bus is: {BusAddress.Forms}. By default VMSRVC_BUS or appsettings.json says it.",
            HelpName = "ADDRESS",
        };

        // Only a provider of emulated machines starts a guest so.
        Option<bool> emulated = new("--emulated") { Hidden = true };

        Command command = new("run", "Serves the host, as a console program, a Windows service or a systemd unit.") { bus, emulated };
        command.SetAction((result, cancellationToken) => result.GetValue(emulated)
            ? EmulatedGuest.RunAsync()
            : HostedGuest.RunAsync(result.GetValue(bus), cancellationToken));
        return command;
    }
}

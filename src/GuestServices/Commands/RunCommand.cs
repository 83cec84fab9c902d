using System.CommandLine;
using VpcComApi.GuestServices.Hosting;
using VpcComApi.GuestServices.Links;

namespace VpcComApi.GuestServices.Commands;

/// <summary><c>vmsrvc run</c>: serves the host until it is told to stop.</summary>
internal static class RunCommand
{
    /// <summary>
    /// Runs the command lines that units, service managers and machines use. The parser takes an emulated processor a second, more than all
    /// that lies between the program's start and its ready bus.
    /// </summary>
    /// <param name="arguments">The command line.</param>
    /// <returns>The exit code when it has run; null when the parser is to read the command line.</returns>
    public static Task<int>? TryRunAsync(string[] arguments) => arguments switch
    {
        ["run"] => HostedGuest.RunAsync(bus: null, CancellationToken.None),
        ["run", "--bus", { Length: > 0 } bus] when char.IsAsciiLetter(bus[0]) => HostedGuest.RunAsync(bus, CancellationToken.None),
        ["run", "--emulated"] => EmulatedGuest.RunAsync(),
        _ => null,
    };

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

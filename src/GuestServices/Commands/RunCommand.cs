using System.CommandLine;
using VpcComApi.GuestServices.Hosting;
using VpcComApi.GuestServices.Links;

namespace VpcComApi.GuestServices.Commands;

/// <summary><c>vmsrvc run</c>: serves the host until it is stopped.</summary>
internal static class RunCommand
{
    /// <summary>
    /// Runs the command lines that units, service managers and machines use without the command-line parser, which takes a second on an
    /// emulated processor. That is longer than everything else between the program's start and a working bus.
    /// </summary>
    /// <param name="arguments">The command line.</param>
    /// <returns>The exit code of the run; null if the parser must read the command line.</returns>
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
            Description = $"The address of the bus: {BusAddress.Forms}. By default the value of VMSRVC_BUS or of appsettings.json.",
            HelpName = "ADDRESS",
        };

        // Only the provider of emulated machines starts a guest with this option.
        Option<bool> emulated = new("--emulated") { Hidden = true };

        Command command = new("run", "Serves the host, as a console program, a Windows service or a systemd unit.") { bus, emulated };
        command.SetAction((result, cancellationToken) => result.GetValue(emulated)
            ? EmulatedGuest.RunAsync()
            : HostedGuest.RunAsync(result.GetValue(bus), cancellationToken));
        return command;
    }
}

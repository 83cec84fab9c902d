using System.Globalization;
using VpcComApi.GuestServices.Facts;
using VpcComApi.GuestServices.Machines;
using VpcComApi.GuestServices.Machines.Emulated;
using VpcComApi.GuestServices.Service;
using VpcComApi.VirtualMachines.Emulated.Board;
using VpcComApi.VpcBus.Integration;

namespace VpcComApi.GuestServices.Terminals;

/// <summary>The commands of an emulated guest.</summary>
/// <param name="board">The description of the machine.</param>
/// <param name="machine">The machine.</param>
/// <param name="facts">Reads information about the guest.</param>
/// <param name="devices">Lists the integration devices.</param>
/// <param name="mouse">The mouse.</param>
internal sealed class CommandShell(
    BoardDescription board,
    EmulatedGuestMachine machine,
    IOperatingSystemFacts facts,
    Func<IReadOnlyList<IntegrationDevice>> devices,
    PointingDevice mouse)
{
    /// <summary>At most 79 columns: a line of 80 would fill a row of the screen, and its line feed would leave an empty one.</summary>
    private const string Help =
        """
        help                    this list
        ver                     describes the machine
        cls                     clears the screen
        echo TEXT               prints a text
        date [TIME]             shows or sets the guest's clock
        channels                lists the channels to the host
        mouse                   shows the position and the buttons of the mouse
        param NAME [VALUE]      shows or sets a parameter of the guest
        logon desktop|seamless  logs a user on
        logoff [/f]             logs the users off
        lock                    locks the screen until Enter is pressed
        shutdown, reboot        shuts the guest down; restarts it (also Ctrl-Alt-Del)
        uninstall, install      removes or installs the integration components
        fault                   crashes the processor, so that the machine resets
        On a serial line also, to test it; each shows a hash of the bytes:
        send BYTES, receive BYTES, loopback BYTES

        """;

    private static readonly char[] Blank = [' '];

    /// <summary>Carries out a command.</summary>
    /// <param name="line">What was typed.</param>
    /// <param name="terminal">Receives the answer.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public async Task ExecuteAsync(string line, ITerminal terminal, CancellationToken cancellationToken)
    {
        if (machine.Sessions.IsLocked)
        {
            await machine.LockAsync(false);
            terminal.Write("Unlocked.\n");
            return;
        }

        string[] words = line.Split(Blank, 2, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        string argument = words.Length > 1 ? words[1] : string.Empty;
        switch (words.FirstOrDefault()?.ToLowerInvariant())
        {
            case null:
                break;
            case "help" or "?":
                terminal.Write(Help);
                break;
            case "ver":
                terminal.Write(Describe());
                break;
            case "channels":
                ListChannels(terminal);
                break;
            case "mouse":
                terminal.Write(mouse.Describe() + "\n");
                break;
            case "date":
                Date(argument, terminal);
                break;
            case "cls" or "clear":
                terminal.Clear();
                break;
            case "echo":
                terminal.Write(argument + "\n");
                break;
            case "param":
                await ParameterAsync(argument, terminal, cancellationToken);
                break;
            case "logon":
                LogOn(argument, terminal);
                break;
            case "logoff":
                await LogOffAsync(argument, terminal);
                break;
            case "lock":
                await machine.LockAsync(true);
                terminal.Write("Locked. Press Enter to unlock.\n", TextColor.Notice);
                break;
            case "shutdown":
                await machine.ShutdownFromInsideAsync(restart: false);
                break;
            case "reboot":
                await machine.ShutdownFromInsideAsync(restart: true);
                break;
            case "uninstall":
                terminal.Write(await machine.RemoveComponentsAsync()
                    ? "The integration components are removed.\n" : "They are not installed.\n");
                break;
            case "install":
                terminal.Write(machine.BringComponentsBack()
                    ? "The integration components are installed again.\n" : "They are installed already.\n");
                break;
            case "fault":
                EmulatedProcessor.Fault();
                break;
            default:
                terminal.Write($"Unknown command '{words[0]}'. Type help for a list.\n", TextColor.Notice);
                break;
        }
    }

    /// <summary>A description of the machine in a few lines.</summary>
    public string Describe()
    {
        GuestFacts guest = facts.Read();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            Machine    {board.MachineName}, {board.MemoryMegabytes} MB
            Asset tag  {board.Firmware.ChassisAssetTag}
            System     {guest.OSName} on {guest.ComputerName}
            Service    vmsrvc {GuestService.ComponentsVersion}

            """);
    }

    private void ListChannels(ITerminal terminal)
    {
        IReadOnlyList<IntegrationDevice> all = devices();
        foreach (IntegrationDevice device in all)
        {
            terminal.Write(string.Create(
                CultureInfo.InvariantCulture,
                $"channel {device.Id,-6} {device.Service,-12} {device.Direction,-10} {device.Bytes,14} bytes\n"));
        }

        if (all.Count == 0)
        {
            terminal.Write("No channel is open.\n");
        }
    }

    private void Date(string argument, ITerminal terminal)
    {
        if (argument.Length > 0)
        {
            if (!DateTimeOffset.TryParse(argument, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time))
            {
                terminal.Write($"'{argument}' is not a time. Write it as 2009-10-22 14:30, in UTC.\n", TextColor.Notice);
                return;
            }

            machine.Clock.Set(time);
        }

        terminal.Write(machine.Clock.UtcNow.ToString("yyyy-MM-dd HH:mm:ss 'UTC'\n", CultureInfo.InvariantCulture));
    }

    private async Task ParameterAsync(string argument, ITerminal terminal, CancellationToken cancellationToken)
    {
        string[] words = argument.Split(Blank, 2, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0 || !ParameterLimits.IsName(words[0]))
        {
            terminal.Write("param NAME shows a parameter, param NAME VALUE sets it.\n", TextColor.Notice);
            return;
        }

        try
        {
            if (words.Length > 1)
            {
                await machine.Parameters.SetAsync(words[0], words[1], cancellationToken);
            }

            terminal.Write(
                machine.Parameters.Get(words[0]) is { } value ? $"{words[0]} = {value}\n" : $"There is no parameter {words[0]}.\n");
        }
        catch (RequestRefusedException e)
        {
            terminal.Write(e.Message + "\n", TextColor.Notice);
        }
    }

    private void LogOn(string argument, ITerminal terminal)
    {
        LogonSessionKind? kind = argument switch
        {
            "desktop" => LogonSessionKind.RemoteDesktop,
            "seamless" => LogonSessionKind.SeamlessApplication,
            _ => null,
        };
        if (kind is { } known)
        {
            machine.Sessions.LogOn(known);
            terminal.Write("A user is logged on.\n");
        }
        else
        {
            terminal.Write("Type logon desktop or logon seamless.\n", TextColor.Notice);
        }
    }

    private async Task LogOffAsync(string argument, ITerminal terminal)
    {
        try
        {
            machine.Sessions.CheckLogoff();
            await machine.LogoffFromInsideAsync(forced: argument == "/f");
            terminal.Write("All users are logged off.\n");
        }
        catch (RequestRefusedException e)
        {
            terminal.Write(e.Message + "\n", TextColor.Notice);
        }
    }
}

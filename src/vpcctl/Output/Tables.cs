using System.Globalization;
using Spectre.Console;
using VpcComApi.CommandLine.Machines;
using VpcComApi.EventLogging;
using VpcComApi.VirtualMachines;
using VpcComApi.VirtualMachines.Channels;
using VpcComApi.VirtualMachines.Machines;

namespace VpcComApi.CommandLine.Output;

/// <summary>How results look as tables.</summary>
internal static class Tables
{
    private const string NotKnown = "-";

    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB"];

    /// <summary>The machines.</summary>
    public static Table OfMachines(IEnumerable<MachineSummary> machines, bool isInteractive)
    {
        Table table = Create(isInteractive, "NAME", "STATE", "MEMORY", "FILE");
        foreach (MachineSummary machine in machines)
        {
            table.AddRow(
                Cell(machine.Name), OfState(machine.State, machine.PauseReason), Cell($"{machine.MemoryMegabytes} MB"), Cell(machine.File));
        }

        return table;
    }

    /// <summary>The values of a machine's configuration.</summary>
    public static Table OfConfiguration(IEnumerable<ConfigurationValue> values, bool isInteractive)
    {
        Table table = Create(isInteractive, "KEY", "TYPE", "VALUE");
        foreach (ConfigurationValue value in values)
        {
            table.AddRow(Cell(value.Key), Cell(value.Type), Cell(value.Value));
        }

        return table;
    }

    /// <summary>The channels.</summary>
    /// <param name="channels">The channels.</param>
    /// <param name="isInteractive">Whether a person watches.</param>
    /// <param name="showsRates">Whether the channels are watched, so that there are rates.</param>
    public static Table OfChannels(IEnumerable<ChannelSummary> channels, bool isInteractive, bool showsRates)
    {
        string[] columns = showsRates
            ? ["MACHINE", "PIPE", "GUEST PORT", "STATE", "TO GUEST", "RATE", "TO HOST", "RATE", "STALLS", "OPEN FOR"]
            : ["MACHINE", "PIPE", "GUEST PORT", "STATE", "TO GUEST", "TO HOST", "STALLS", "OPEN FOR"];
        Table table = Create(isInteractive, columns);
        foreach (ChannelSummary channel in channels)
        {
            Text[] toGuest = [Cell(channel.BytesToGuest is { } guestBytes ? OfBytes(guestBytes) : NotKnown), OfRate(channel.RateToGuest)];
            Text[] toHost = [Cell(channel.BytesToHost is { } hostBytes ? OfBytes(hostBytes) : NotKnown), OfRate(channel.RateToHost)];
            int shown = showsRates ? 2 : 1;
            table.AddRow(
            [
                Cell(channel.Machine),
                Cell(channel.Pipe),
                Cell(channel.Port.ToString(CultureInfo.InvariantCulture)),
                OfState(channel.State),
                .. toGuest.Take(shown),
                .. toHost.Take(shown),
                Cell(OfStalls(channel)),
                Cell(channel.AgeSeconds is { } age ? OfAge(TimeSpan.FromSeconds(age)) : NotKnown),
            ]);
        }

        return table;
    }

    /// <summary>What the channels went through.</summary>
    public static Table OfEvents(IEnumerable<ChannelSummary> channels, bool isInteractive)
    {
        Table table = Create(isInteractive, "MACHINE", "PIPE", "EVENTS (UTC)");
        foreach (ChannelSummary channel in channels)
        {
            table.AddRow(Cell(channel.Machine), Cell(channel.Pipe), Cell(channel.Events ?? NotKnown));
        }

        return table;
    }

    /// <summary>The devices.</summary>
    public static Table OfDevices(IEnumerable<DeviceSummary> devices, bool isInteractive)
    {
        Table table = Create(isInteractive, "DEVICE", "CHANNEL", "SERVICE", "DIRECTION");
        foreach (DeviceSummary device in devices)
        {
            table.AddRow(
                Cell(device.Name), Cell(device.ChannelId.ToString(CultureInfo.InvariantCulture)), Cell(device.Service),
                Cell(device.Direction));
        }

        return table;
    }

    /// <summary>A state, in its colour, with what a person must know who wonders about it.</summary>
    public static Text OfState(MachineState state, PauseReason? pauseReason) => new(TextOf(state, pauseReason), new Style(state switch
    {
        MachineState.Running => Color.Green,
        MachineState.Paused or MachineState.Saved => Color.Yellow,
        MachineState.TurnedOff => Color.Grey,
        _ => Color.Aqua,
    }));

    /// <summary>A state in words: <c>Paused: the disk is full</c>.</summary>
    public static string TextOf(MachineState state, PauseReason? pauseReason) =>
        pauseReason == PauseReason.DiskFull ? $"{state}: the disk is full" : state.ToString();

    /// <summary>A number of bytes for a person: <c>26 B</c>, <c>1.4 MiB</c>.</summary>
    public static string OfBytes(long bytes)
    {
        double value = bytes;
        int unit = 0;
        while (value >= 1024 && unit < Units.Length - 1)
        {
            value /= 1024;
            unit++;
        }

        return unit == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{bytes} B")
            : string.Create(CultureInfo.InvariantCulture, $"{value:0.0} {Units[unit]}");
    }

    private static Text OfState(CommunicationChannelState? state) => state switch
    {
        CommunicationChannelState.Awaited => new Text("awaited"),
        CommunicationChannelState.Open => new Text("open", new Style(Color.Green)),
        CommunicationChannelState.Stalled => new Text("stalled", new Style(Color.Yellow)),
        CommunicationChannelState.HalfClosed => new Text("half-closed"),
        _ => new Text(NotKnown),
    };

    private static Text OfRate(double? bytesPerSecond) => Cell(bytesPerSecond is { } rate ? OfBytes((long)rate) + "/s" : NotKnown);

    /// <summary>To the guest, to the host.</summary>
    private static string OfStalls(ChannelSummary channel) => channel is { StallsToGuest: { } toGuest, StallsToHost: { } toHost }
        ? string.Create(CultureInfo.InvariantCulture, $"{toGuest}, {toHost}")
        : NotKnown;

    private static string OfAge(TimeSpan age) => age.TotalHours >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)age.TotalHours}:{age:mm\\:ss}")
        : age.ToString(@"m\:ss", CultureInfo.InvariantCulture);

    private static Table Create(bool isInteractive, params ReadOnlySpan<string> columns)
    {
        Table table = new() { Border = isInteractive ? TableBorder.Rounded : TableBorder.None };
        foreach (string column in columns)
        {
            TableColumn head = new(new Text(column, new Style(decoration: Decoration.Bold)));
            table.AddColumn(isInteractive ? head : head.PadLeft(0).PadRight(2).NoWrap());
        }

        return table;
    }

    private static Text Cell(string text) => new(VisibleText.Of(text));
}

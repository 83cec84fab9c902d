using System.Globalization;
using Spectre.Console;
using VpcComApi.CommandLine.Machines;
using VpcComApi.EventLogging;
using VpcComApi.VirtualMachines;

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
                Cell(machine.Name), OfState(machine.State), Cell($"{machine.MemoryMegabytes} MB"), Cell(machine.File));
        }

        return table;
    }

    /// <summary>The channels.</summary>
    public static Table OfChannels(IEnumerable<ChannelSummary> channels, bool isInteractive)
    {
        Table table = Create(isInteractive, "MACHINE", "PIPE", "GUEST PORT", "CLIENT", "TO GUEST", "TO HOST", "OPEN FOR");
        foreach (ChannelSummary channel in channels)
        {
            table.AddRow(
                Cell(channel.Machine),
                Cell(channel.Pipe),
                Cell(channel.Port.ToString(CultureInfo.InvariantCulture)),
                OfClient(channel.ClientConnected),
                Cell(channel.BytesToGuest is { } toGuest ? OfBytes(toGuest) : NotKnown),
                Cell(channel.BytesToHost is { } toHost ? OfBytes(toHost) : NotKnown),
                Cell(channel.AgeSeconds is { } age ? OfAge(TimeSpan.FromSeconds(age)) : NotKnown));
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
                Cell(device.Name), Cell(device.ChannelId.ToString(CultureInfo.InvariantCulture)), Cell(device.Service), Cell(device.Direction));
        }

        return table;
    }

    /// <summary>A state, in its colour.</summary>
    public static Text OfState(MachineState state) => new(state.ToString(), new Style(state switch
    {
        MachineState.Running => Color.Green,
        MachineState.Paused or MachineState.Saved => Color.Yellow,
        MachineState.TurnedOff => Color.Grey,
        _ => Color.Aqua,
    }));

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

    private static Text OfClient(bool? isConnected) => isConnected switch
    {
        true => new Text("connected", new Style(Color.Green)),
        false => new Text("awaited"),
        null => new Text(NotKnown),
    };

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

using System.Globalization;
using VpcComApi.VirtualMachines.Channels;
using VpcComApi.VirtualMachines.Configuration;
using VpcComApi.VirtualMachines.Disks;
using VpcComApi.VirtualMachines.Guests;
using VpcComApi.VirtualMachines.Networks;
using VpcComApi.VirtualMachines.Peripherals;

namespace VpcComApi.VirtualMachines.VmcFiles;

/// <summary>
/// The rows of <see cref="KnownKeys.Machine"/>. Those that are "kept, not read" stand in the Windows Virtual PC reference
/// (<c>ui_options</c>, <c>time_sync_at_boot</c>) or in real files (<c>auto_detect</c>).
/// </summary>
internal static class MachineKeyTable
{
    private const string MadeAtFirstStart = "made at the first start";
    private const string MadeWithMachine = "made with the machine";
    private const string Nothing = "nothing";
    private const string HostPort = "a serial port of the host";
    private const string TextFile = "a text file";
    private const string NamedPipe = "a named pipe";

    /// <summary>
    /// The longest name of a network, a provider or a version, in characters: longer than any that a system gives an adapter.
    /// </summary>
    private const int MaximumNameLength = 256;

    /// <summary>The longest id of a virtual network, in bytes; this product's have 16.</summary>
    private const int MaximumNetworkIdLength = 64;

    private const int MaximumPathLength = PathRules.TooLong - 1;

    private const string Drive = "hardware/pci_bus/ide_adapter/ide_controller[@id=0..1]/location[@id=0..1]/";
    private const string Floppy = "hardware/super_io/floppy";
    private const string SerialPort = "hardware/super_io/serial_port[@id=0..1]/";
    private const string OldSerialPort = "integration/vpccomapi/serial_port[@id=0..1]/";
    private const string NetworkCard = ConfigurationKeys.NetworkCards + "[@id=0..3]/";

    private static readonly KnownForm GuidForm = new("a GUID in braces", static text => Guid.TryParseExact(text, "B", out _));

    private static readonly KnownForm AnyGuidForm = new("a GUID", static text => Guid.TryParse(text, out _));

    private static readonly KnownForm FirmwareForm = new(
        $"text of at most {FirmwareTexts.MaximumLength} ASCII characters without a backslash", FirmwareTexts.IsUsable);

    private static readonly KnownForm ParallelPortForm = new("LPT1 to LPT9", ParallelPortNames.IsName);

    /// <summary>The rows, in the order in which docs/machines.md has them.</summary>
    public static IReadOnlyList<KnownKey> Rows { get; } =
    [
        Text(ConfigurationKeys.Version, MaximumNameLength, "the file format's version, `2.0`; kept, not read").Unchecked(),
        Number(
            ConfigurationKeys.Memory, MachineConfiguration.MinimumMemoryMegabytes, MachineConfiguration.MaximumMemoryMegabytes,
            MachineConfiguration.DefaultMemoryMegabytes, "memory in MB"),
        Text(ConfigurationKeys.BiosGuid, GuidForm, MadeAtFirstStart, "identity that the firmware shows: `BIOSGUID`"),
        Text(ConfigurationKeys.BiosSerialNumber, FirmwareForm, MadeAtFirstStart, "`BIOSSerialNumber`"),
        Text(ConfigurationKeys.BaseBoardSerialNumber, FirmwareForm, MadeAtFirstStart, "`BaseBoardSerialNumber`"),
        Text(ConfigurationKeys.ChassisSerialNumber, FirmwareForm, MadeAtFirstStart, "`ChassisSerialNumber`"),
        Text(ConfigurationKeys.ChassisAssetTag, FirmwareForm, MadeWithMachine, "`ChassisAssetTag`; it names the ready event"),
        Flag("hardware/bios/time_sync_at_boot", true, "the machine's clock is set from the host's at power-on; kept, not read").Unchecked(),
        Choice<MachineDriveType>(
            Drive + "drive_type", MachineDriveType.None, MeaningOf, "what is connected at this position of the IDE buses"),
        Path(Drive + "pathname/absolute", "full path of the image, or the letter of the host's drive"),
        Path(Drive + "pathname/relative", "path of the image from the `.vmc` file's folder"),
        Path(Drive + "undo_pathname/absolute", "full path of the undo disk"),
        Path(Drive + "undo_pathname/relative", "path of the undo disk from the `.vmc` file's folder"),
        Path(Floppy + "[@id=0]/pathname/absolute", "full path of the floppy disk's image, or the letter of the host's drive"),
        Path(Floppy + "[@id=0]/pathname/relative", "path of the floppy disk's image from the `.vmc` file's folder"),
        Flag(Floppy + "/auto_detect", null, "a floppy disk in the host's drive is taken by itself; kept, not read").Unchecked(),
        new KnownKey(SerialPort + "port_type", ConfigurationValueType.Number, "what a serial port is wired to ([console.md](console.md))")
        {
            Values = [new(0, Nothing), new(1, HostPort), new(2, TextFile), new(3, NamedPipe)],
            DefaultText = "0",
        }.Unchecked(),
        Text(SerialPort + "pipe_name", PipeName.MaximumLength, @"the pipe, `\\.\pipe\NAME`"),
        Path(SerialPort + "text_file_path", "the text file, from the `.vmc` file's folder unless it is a full path"),
        Flag(SerialPort + "connect_immediately", null, "a serial port of the host is opened at the start"),
        Flag(ConfigurationKeys.AllSerialPortsConnect, null, "the same for the ports that do not say it themselves"),
        Number(
            ConfigurationKeys.NetworkCardCount, 0, MachineLimits.NetworkCards, null,
            "the number of network cards, which are that many of the elements `ethernet_controller`, by their ids ascending. "
                + "0 is no card, even beside the element of a card that was "
            + "removed; a count above the number of elements makes no card; without a count every element is a card"),
        Octets(NetworkCard + ConfigurationKeys.NetworkId, 0, MaximumNetworkIdLength,
            "the virtual network that a card is attached to; none when it is unplugged"),
        Text(NetworkCard + ConfigurationKeys.NetworkName, MaximumNameLength, "the name of that network; empty when the card is unplugged"),
        Octets(
            NetworkCard + ConfigurationKeys.EthernetAddress, EthernetAddress.Length, EthernetAddress.Length,
            "a card's Ethernet address; zeros until the first start makes one"),
        Flag(ConfigurationKeys.UndoEnabled, false, "`Undoable`"),
        Choice<UndoAction>(ConfigurationKeys.UndoAction, UndoAction.Keep, MeaningOf, "`UndoAction`"),
        Flag(ConfigurationKeys.HostTimeSync, true, "the guest's clock follows the host's"),
        Number(
            ConfigurationKeys.HeartbeatTime, 1, HeartbeatPlan.MaximumBlockSeconds, HeartbeatPlan.DefaultBlockSeconds,
            "seconds of a block. A block without a sign of life is OnHeartbeatStopped"),
        Number(ConfigurationKeys.HeartbeatRate, 1, HeartbeatPlan.MaximumTicks, HeartbeatPlan.DefaultTicks, "signs of life in a block"),
        Number(
            ConfigurationKeys.HeartbeatFailureInterval, 1, HeartbeatPlan.MaximumBlockSeconds, HeartbeatPlan.DefaultFailureSeconds,
            "the interval in seconds at which a guest service that has stopped is asked to begin again"),
        Number(ConfigurationKeys.HeartbeatFailureAttempts, 0, HeartbeatPlan.MaximumAttempts, HeartbeatPlan.DefaultAttempts,
            "the number of these requests. The machine is not reset"),
        Flag("ui_options/auto_app_publish", true, "the guest's programs are published on the host; kept, not read").Unchecked(),
        Number("ui_options/seconds_to_save", 0, uint.MaxValue, 300,
            "seconds from the end of the last published program to the save; kept, not read").Unchecked(),
        Text(
            ConfigurationKeys.Provider, MaximumNameLength,
            "which provider runs the machine, `emulated` or `qemu`; an unknown one is refused by `Startup`",
            "the program's first provider"),
        Text(
            ConfigurationKeys.ConfigurationId, AnyGuidForm, MadeWithMachine,
            "`ConfigID`. A real file's is kept, because other programs may know the machine by it, also where it is 16 bytes; "
                + "a registered copy of a file gets a new one, and a "
            + $"new asset tag. What is no GUID stays, and the machine has its id in `{ConfigurationKeys.OwnConfigurationId}`").Unchecked(),
        Text(
            ConfigurationKeys.OwnConfigurationId, GuidForm, null,
            "the id that an earlier version of this product gave a file; "
                + "where it is there, it is `ConfigID`, because callers and saved states know the machine by it"),
        Text(ConfigurationKeys.Notes, MachineConfiguration.MaximumNotesLength, "`Notes`"),
        Choice<ShutdownAction>(ConfigurationKeys.ShutdownAction, ShutdownAction.Save, MeaningOf, "`ShutdownActionOnQuit`"),
        Flag("integration/vpccomapi/ethernet_controller[@id=0..3]/static_address", false, "a card's Ethernet address was set by hand"),
        Choice(
            OldSerialPort + "type", SerialPortType.Null, MeaningOf,
            "what a serial port is wired to in a file of an earlier version of this product; "
                + "read while there is no `port_type`, removed by `Configure`"),
        Text(
            OldSerialPort + "name", MaximumPathLength,
            "the serial port of the host; where real files have it is not published. "
                + "In a file of an earlier version of this product, the serial port's other end"),
        Flag(OldSerialPort + "connect_immediately", null,
            "a serial port of the host is opened at the start, in a file of an earlier version of this product"),
        Text("integration/vpccomapi/parallel_port[@id=0]/name", ParallelPortForm, null,
            "the host's port that the parallel port is mapped to"),
        Text(ConfigurationKeys.ComponentsVersion, MaximumNameLength, "the integration components that were seen last"),
    ];

    private static KnownKey Number(string pattern, long minimum, long maximum, long? byDefault, string meaning) =>
        new(pattern, ConfigurationValueType.Number, meaning)
    {
        Minimum = minimum,
        Maximum = maximum,
        DefaultText = byDefault?.ToString(CultureInfo.InvariantCulture),
    };

    private static KnownKey Choice<T>(string pattern, T byDefault, Func<T, string> meaningOf, string meaning)
        where T : struct, Enum => new(pattern, ConfigurationValueType.Number, meaning)
        {
            Values = [.. Enum.GetValues<T>().Select(value => new KnownValue(NumberOf(value), meaningOf(value)))],
            DefaultText = NumberOf(byDefault).ToString(CultureInfo.InvariantCulture),
        };

    private static KnownKey Flag(string pattern, bool? byDefault, string meaning) => new(pattern, ConfigurationValueType.Flag, meaning)
    {
        DefaultText = byDefault is { } value ? ValueText.Of(value) : null,
    };

    private static KnownKey Octets(string pattern, int minimum, int maximum, string meaning) =>
        new(pattern, ConfigurationValueType.Bytes, meaning)
    {
        MinimumLength = minimum,
        MaximumLength = maximum,
    };

    private static KnownKey Text(string pattern, int maximum, string meaning, string? byDefault = null) =>
        new(pattern, ConfigurationValueType.Text, meaning)
    {
        MaximumLength = maximum,
        DefaultText = byDefault,
    };

    private static KnownKey Text(string pattern, KnownForm form, string? byDefault, string meaning) =>
        new(pattern, ConfigurationValueType.Text, meaning)
    {
        Form = form,
        DefaultText = byDefault,
    };

    private static KnownKey Path(string pattern, string meaning) => Text(pattern, MaximumPathLength, meaning);

    private static int NumberOf<T>(T value)
        where T : struct, Enum => Convert.ToInt32(value, CultureInfo.InvariantCulture);

    private static string MeaningOf(MachineDriveType type) => type switch
    {
        MachineDriveType.HardDisk => "a hard disk",
        MachineDriveType.Dvd => "a DVD drive",
        _ => Nothing,
    };

    private static string MeaningOf(UndoAction action) => action switch
    {
        UndoAction.Discard => "discard",
        UndoAction.Keep => "keep",
        _ => "commit",
    };

    private static string MeaningOf(ShutdownAction action) => action switch
    {
        ShutdownAction.Save => "save",
        ShutdownAction.TurnOff => "turn off",
        _ => "shut down",
    };

    private static string MeaningOf(SerialPortType type) => type switch
    {
        SerialPortType.HostPort => HostPort,
        SerialPortType.TextFile => TextFile,
        SerialPortType.NamedPipe => NamedPipe,
        _ => Nothing,
    };
}

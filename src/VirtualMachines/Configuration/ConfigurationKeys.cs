
namespace VpcComApi.VirtualMachines.Configuration;

/// <summary>
/// The keys of a .vmc file that this program reads by itself. The elements below <c>hardware</c> are those of the real files, as shown at
/// https://blogs.technet.microsoft.com/jhoward/2005/01/27/reset-lost-bios-password-virtual-server-2005/ (bios) and
/// http://www.laboratoire-microsoft.org/def/25355 (version, memory), and
/// https://github.com/CosmosOS/Cosmos/blob/0e1ec65ec7fceb8e9deec267b0419cdd63aacc6d/Build/VPC/Cosmos.vmc (floppies, serial ports).
/// <c>settings/undo_drives/default_action</c> and <c>integration/microsoft/...</c> stand in the Windows Virtual PC reference. What the real
/// product keeps elsewhere, or where nothing is published, lies below <c>integration/vpccomapi</c>, which no other program uses.
/// </summary>
internal static class ConfigurationKeys
{
    /// <summary>The root element of .vmc files and of Options.xml.</summary>
    public const string Root = "preferences";

    /// <summary>The comment above the root of a .vmc file.</summary>
    public const string Comment = "Microsoft Virtual Machine Options and Settings";

    /// <summary>The file format's version.</summary>
    public const string Version = "version";

    /// <summary>Memory in megabytes.</summary>
    public const string Memory = "hardware/memory/ram_size";

    /// <summary>The BIOS's id, a braced GUID.</summary>
    public const string BiosGuid = "hardware/bios/bios_guid";

    /// <summary>The BIOS's serial number.</summary>
    public const string BiosSerialNumber = "hardware/bios/bios_serial_number";

    /// <summary>The base board's serial number.</summary>
    public const string BaseBoardSerialNumber = "hardware/bios/base_board/serial_number";

    /// <summary>The chassis's serial number.</summary>
    public const string ChassisSerialNumber = "hardware/bios/chassis/serial_number";

    /// <summary>The chassis's asset tag.</summary>
    public const string ChassisAssetTag = "hardware/bios/chassis/asset_tag";

    /// <summary>Whether writes go to undo drives.</summary>
    public const string UndoEnabled = "settings/undo_drives/enabled";

    /// <summary>What happens to undo drives on power-off: a VMUndoAction.</summary>
    public const string UndoAction = "settings/undo_drives/default_action";

    /// <summary>What happens to the machine when the application ends: a VMShutdownAction.</summary>
    public const string ShutdownAction = "integration/vpccomapi/shutdown_action_on_quit";

    /// <summary>Free text.</summary>
    public const string Notes = "integration/vpccomapi/notes";

    /// <summary>The machine's unique id, a braced GUID.</summary>
    public const string ConfigurationId = "settings/globalconfigid";

    /// <summary>Where earlier versions of this product kept the machine's unique id.</summary>
    public const string OwnConfigurationId = "integration/vpccomapi/configuration_id";

    /// <summary>The name of the provider that runs the machine; without it, the application's default one does.</summary>
    public const string Provider = "integration/vpccomapi/provider";

    /// <summary>Whether the guest keeps its clock in step with the host's.</summary>
    public const string HostTimeSync = "integration/microsoft/host_time_sync/enabled";

    /// <summary>A guest that gives no sign of life for so many seconds has stopped.</summary>
    public const string HeartbeatTime = Heartbeat + "time";

    /// <summary>How many signs of life a guest is to give in <see cref="HeartbeatTime"/>.</summary>
    public const string HeartbeatRate = Heartbeat + "rate";

    /// <summary>Seconds between the attempts to have a guest that has stopped begin again.</summary>
    public const string HeartbeatFailureInterval = Heartbeat + "failure_interval";

    /// <summary>How many attempts there are.</summary>
    public const string HeartbeatFailureAttempts = Heartbeat + "failure_attempts";

    /// <summary>The version of the integration components that were last seen in the guest.</summary>
    public const string ComponentsVersion = "integration/vpccomapi/components_version";

    /// <summary>How many network cards there are.</summary>
    public const string NetworkCardCount = "hardware/pci_bus/ethernet_adapter/controller_count";

    /// <summary>The elements of the network cards, which differ in their ids from 0 to 3.</summary>
    public const string NetworkCards = "hardware/pci_bus/ethernet_adapter/ethernet_controller";

    /// <summary>The id of the virtual network that a card is attached to, below the card's element.</summary>
    public const string NetworkId = "virtual_network/id";

    /// <summary>The name of the virtual network that a card is attached to, below the card's element.</summary>
    public const string NetworkName = "virtual_network/name";

    /// <summary>A card's Ethernet address, below the card's element.</summary>
    public const string EthernetAddress = "ethernet_card_address";

    /// <summary>Whether host ports are opened as the machine starts, for those serial ports that do not say it themselves.</summary>
    public const string AllSerialPortsConnect = $"{SerialPorts}/{ConnectImmediately}";

    private const string SerialPorts = "hardware/super_io/serial_port";
    private const string ConnectImmediately = "connect_immediately";
    private const string Heartbeat = "integration/microsoft/heartbeat/";

    /// <summary>The element of one network card.</summary>
    /// <param name="card">The card's number.</param>
    public static string NetworkCard(int card) => $"{NetworkCards}[@id={card}]";

    /// <summary>A value of one network card.</summary>
    /// <param name="card">The card's number.</param>
    /// <param name="part">What is below the card's element.</param>
    public static string OfNetworkCard(int card, string part) => $"{NetworkCard(card)}/{part}";

    /// <summary>Whether a network card's Ethernet address was set by hand.</summary>
    /// <param name="card">The card's number.</param>
    public static string StaticAddress(int card) => $"integration/vpccomapi/ethernet_controller[@id={card}]/static_address";

    /// <summary>What a serial port is wired to, in the numbers of the real files.</summary>
    /// <param name="number">The port's number, 1 for COM1.</param>
    public static string SerialPortType(int number) => SerialPort(number) + "port_type";

    /// <summary>The pipe that a serial port is wired to.</summary>
    /// <param name="number">The port's number, 1 for COM1.</param>
    public static string SerialPortPipe(int number) => SerialPort(number) + "pipe_name";

    /// <summary>The text file that a serial port is wired to; from the .vmc file's folder, unless it is a full path.</summary>
    /// <param name="number">The port's number, 1 for COM1.</param>
    public static string SerialPortTextFile(int number) => SerialPort(number) + "text_file_path";

    /// <summary>Whether a host port is opened as the machine starts.</summary>
    /// <param name="number">The port's number, 1 for COM1.</param>
    public static string SerialPortConnect(int number) => SerialPort(number) + ConnectImmediately;

    /// <summary>The host port that a serial port is wired to. Where real files keep it is not published; so it is ours.</summary>
    /// <param name="number">The port's number, 1 for COM1.</param>
    public static string SerialPortHostPort(int number) => OwnSerialPort(number) + "name";

    /// <summary>
    /// Where earlier versions of this product kept what a serial port is wired to: a VMSerialPortType, whose end is
    /// <see cref="SerialPortHostPort"/>.
    /// </summary>
    /// <param name="number">The port's number, 1 for COM1.</param>
    public static string OwnSerialPortType(int number) => OwnSerialPort(number) + "type";

    /// <summary>Where earlier versions of this product kept whether a host port is opened as the machine starts.</summary>
    /// <param name="number">The port's number, 1 for COM1.</param>
    public static string OwnSerialPortConnect(int number) => OwnSerialPort(number) + ConnectImmediately;

    /// <summary>The host's port that a parallel port is mapped to.</summary>
    /// <param name="number">The port's number, 1 for LPT1.</param>
    public static string ParallelPortName(int number) => $"integration/vpccomapi/parallel_port[@id={number - 1}]/name";

    private static string SerialPort(int number) => $"{SerialPorts}[@id={number - 1}]/";

    private static string OwnSerialPort(int number) => $"integration/vpccomapi/serial_port[@id={number - 1}]/";
}

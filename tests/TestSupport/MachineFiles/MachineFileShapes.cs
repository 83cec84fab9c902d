using System.Text;
using static VpcComApi.TestSupport.MachineFiles.MachineFileElement;

namespace VpcComApi.TestSupport.MachineFiles;

/// <summary>
/// Ten machine files in the shapes that files of Virtual PC 2004 and 2007, Virtual Server 2005 and Windows Virtual PC have in public, and
/// in those that people and their programs make of them. The shapes are those of the files, the values are our own.
/// </summary>
public static class MachineFileShapes
{
    private const string ServerId = "{3F1B0C52-7A14-4D0E-9B61-0A5C2D9E7701}";
    private const string ModeId = "{C0D3A1B2-55E7-4F19-8E21-6B7F90A4D802}";
    private const string HandId = "5e1f7c90-2b3d-4a86-bd17-93c4e8f0a603";

    private static readonly Encoding Utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    /// <summary>All ten.</summary>
    /// <param name="pipe">The first part of the names of pipes, so that tests do not meet.</param>
    public static IReadOnlyList<MachineFileShape> All(string pipe) =>
    [
        VirtualPC2004(), VirtualPC2007WithPipe(pipe), VirtualPC2007WithTextFile(), VirtualServer2005(), WindowsXPMode(), CardRemoved(),
        Converted(pipe), EditedByHand(pipe),
        BigEndian(), Generated(),
    ];

    private static MachineFileShape VirtualPC2004() => new("Virtual PC 2004", Root(
        Hardware(memory: 96, Network(1, Card(0, "Local only", "0003FF010203")), SuperIO(), asset: "2004-0001-0001-0001-0001-0001-01"),
        Group("properties", Creator("Microsoft Virtual PC 2004", "5.3.582.27")),
        Group(
            "settings",
            Undo(enabled: false),
            Group("video", Number("height", 480), Number("width", 640)))).ToFile(MachineFileStyle.VirtualPC))
    {
        Memory = 96,
        NetworkCards = 1,
    };

    private static MachineFileShape VirtualPC2007WithPipe(string pipe) => new("Virtual PC 2007", Root(
        Hardware(
            memory: 128, Network(1, Card(0, "Contoso Gigabit", "0003FF040506")),
            SuperIO(Numbered("serial_port", 0, Text("pipe_name", $@"\\.\pipe\{pipe}\Debug"), Number("port_type", 3))),
            asset: "2007-0001-0001-0001-0001-0001-01"),
        Group(
            "integration",
            Group(
                "microsoft",
                Group("mouse", Flag("allow", true)),
                Group("version", Text("additions_number"), Group("guest_os", Text("long_name"))))),
        Group(
            "properties",
            Creator("Microsoft Virtual PC 2007", "6.0.156.0"),
            Group("modifier", Text("name", "Microsoft Virtual PC 2007"))),
        Group(
            "settings",
            Group("shutdown", Group("quit", Number("action", 4), Flag("was_running", false))),
            Undo(enabled: false),
            Number("guest_os", 9)),
        Group("virtual_machines", Group("hw_assist", Flag("enable_hw_assist", true)))).ToFile(MachineFileStyle.VirtualPC))
    {
        Memory = 128,
        NetworkCards = 1,
        SerialPortType = 2,
        SerialPortName = $@"\\.\pipe\{pipe}\Debug",
    };

    private static MachineFileShape VirtualPC2007WithTextFile() => new("Text file", Root(
        Verbatim("<!-- COM1 goes to a file -->"),
        Hardware(
            memory: 64, Network(1, Card(0, "Contoso Gigabit", "000000000000")),
            SuperIO(
                Numbered("serial_port", 1, Number("port_type", 0)),
                Verbatim("<!-- the first one comes last -->"),
                Numbered("serial_port", 0, Number("port_type", 2), Text("text_file_path", @".\logs\line-1.txt"))),
            asset: "2007-0002-0002-0002-0002-0002-02"),
        Group("settings", Undo(enabled: false))).ToFile(MachineFileStyle.VirtualPC))
    {
        Memory = 64,
        NetworkCards = 1,
        SerialPortType = 1,
        SerialPortName = "logs/line-1.txt",
    };

    private static MachineFileShape VirtualServer2005() => new("Virtual Server 2005", Root(
        Group(
            "settings",
            Text("globalconfigid", ServerId),
            Undo(enabled: false),
            Text("notes", "A machine for tests.\nSecond line & more."),
            Group("resource_usage", Number("weight", 100), Number("maximum", 100))),
        Hardware(
            memory: 256, Network(2, Card(1, "External Network", "0003FF0A0B0C"), Card(0, "Internal Network", "0003FF0A0B0D")),
            SuperIO(Numbered("serial_port", 0, Number("port_type", 0))), asset: "2005-0001-0001-0001-0001-0001-01"),
        Group("virtual_machines", Group("allow_packet_filtering", Flag("enabled", true))),
        Text("version", "2.0")).ToFile(MachineFileStyle.VirtualPC))
    {
        Memory = 256,
        NetworkCards = 2,
        ConfigurationId = new Guid(ServerId),
    };

    private static MachineFileShape WindowsXPMode() => new("XP Mode by shape", Root(
        Text("version", "2.0"),
        Hardware(
            memory: 512,
            Network(1, Card(0, "Shared Networking (NAT)", "0003FF112233")),
            SuperIO(),
            asset: "0009-0001-0001-0001-0001-0001-01"),
        Group(
            "integration",
            Group(
                "microsoft",
                Group("components", Group("host_time_sync", Flag("enabled", true))),
                Group("heartbeat", Number("rate", 10), Number("time", 60)),
                Group("rdp", Flag("auto_logon", true), Bytes("protected", "0102030405")))),
        Group("settings", Text("globalconfigid", ModeId), Undo(enabled: true, action: 1)),
        Group("ui_options", Flag("auto_app_publish", true), Number("seconds_to_save", 300))).ToFile(MachineFileStyle.VirtualPC))
    {
        Memory = 512,
        NetworkCards = 1,
        ConfigurationId = new Guid(ModeId),
    };

    private static MachineFileShape CardRemoved() => new("Card removed", Root(
        Hardware(memory: 32, Network(0, Card(0, "Contoso Gigabit", "0003FF445566")), SuperIO(), asset: "0000-0001-0001-0001-0001-0001-01"),
        Group("settings", Undo(enabled: false))).ToFile(MachineFileStyle.VirtualPC))
    {
        Memory = 32,
        NetworkCards = 0,
    };

    private static MachineFileShape Converted(string pipe) => new("Converted to UTF-8", Root(
        Hardware(
            memory: 48, Group(
                "ethernet_adapter", Card(0, "R\u00e9seau local", "0003FF778899"), Card(2, "Zweites Netz \u00fc", "0003FF77889A")),
            SuperIO(Numbered("serial_port", 0, Number("port_type", 3), Text("pipe_name", $@"\\.\pipe\{pipe}-converted"))),
            asset: "0000-0002-0001-0001-0001-0001-01"),
        Group("settings", Undo(enabled: false))).ToFile(new MachineFileStyle
        {
            Encoding = Utf8,
            Start = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n",
            End = string.Empty,
            LineEnd = "\n",
            Indent = "  ",
            EmptyEnd = "/>",
        }))
    {
        Memory = 48,
        NetworkCards = 2,
        SerialPortType = 2,
        SerialPortName = $@"\\.\pipe\{pipe}-converted",
    };

    private static MachineFileShape EditedByHand(string pipe) => new("Edited by hand", Root(
        Verbatim("<!-- <memory><ram_size type=\"integer\">1</ram_size></memory> -->"),
        Verbatim("\n"),
        Verbatim("<mine my='own' type2=\"x\"><nothing/><![CDATA[<ram_size>]]></mine>"),
        Hardware(
            memory: 80, Network(1, Card(0, "a < b & c > d", "0003FFAABBCC")),
            SuperIO(
                Verbatim("<?mark here?>"), Numbered("serial_port", 0, Number("port_type", 3), Text("pipe_name", $@"\\.\PIPE\{pipe}-hand"))),
            asset: "0000-0003-0001-0001-0001-0001-01"),
        Group("settings", Text("globalconfigid", HandId), Undo(enabled: false))).ToFile(new MachineFileStyle
        {
            Encoding = Encoding.UTF8,
            Start = "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n\n\n",
            End = "\n<!-- the end -->\n\n",
            Indent = " \t",
            EmptyEnd = "  />",
            Quote = '\'',
        }))
    {
        Memory = 80,
        NetworkCards = 1,
        ConfigurationId = new Guid(HandId),
        SerialPortType = 2,
        SerialPortName = $@"\\.\PIPE\{pipe}-hand",
    };

    private static MachineFileShape BigEndian() => new("Other order of bytes", Root(
        Hardware(memory: 40, Network(1, Card(0, "Local only", "0003FFDDEEFF")), SuperIO(), asset: "0000-0004-0001-0001-0001-0001-01"),
        Group("settings", Undo(enabled: false))).ToFile(MachineFileStyle.VirtualPC with { Encoding = Encoding.BigEndianUnicode }))
    {
        Memory = 40,
        NetworkCards = 1,
    };

    private static MachineFileShape Generated() => new("Generated", Root(
        Group("hardware", Group("memory", Number("ram_size", 72)), Group("pci_bus", Drives()))).ToFile(new MachineFileStyle
        {
            Encoding = Utf8,
            Start = string.Empty,
            End = string.Empty,
            LineEnd = string.Empty,
            Indent = string.Empty,
            EmptyEnd = "/>",
        }))
    {
        Memory = 72,
        NetworkCards = 0,
    };

    private static MachineFileElement Root(params IReadOnlyList<MachineFileElement> children) => Group("preferences", children);

    private static MachineFileElement Hardware(int memory, MachineFileElement network, MachineFileElement superIO, string asset) => Group(
        "hardware",
        Group("memory", Number("ram_size", memory)),
        Group("pci_bus", network, Group("video_adapter", Number("vram_size", 8)), Drives()),
        superIO,
        Group(
            "bios",
            Group("base_board", Text("serial_number", asset)),
            Text("bios_guid", "{6D0B1E55-90AF-4F63-9C1D-77A0C1B2D304}"),
            Text("bios_serial_number", asset),
            Group("chassis", Text("asset_tag", asset), Text("serial_number", asset)),
            Bytes("cmos", "000040F0203F80"),
            Bytes("time_bytes", "34005000120004070208")));

    private static MachineFileElement Network(int count, params IReadOnlyList<MachineFileElement> cards) =>
        Group("ethernet_adapter", [Number("controller_count", count), .. cards]);

    private static MachineFileElement Card(int id, string network, string address) => Numbered(
        "ethernet_controller", id,
        Group("virtual_network", Bytes("id", "9DA6388CD5D611DC82869F7981B495DE"), Text("name", network)),
        Bytes("ethernet_card_address", address));

    private static MachineFileElement Drives() => Group(
        "ide_adapter",
        Numbered(
            "ide_controller", 1, Numbered("location", 0, Number("drive_type", 2), Group("pathname", Text("absolute"), Text("relative")))),
        Numbered(
            "ide_controller", 0, Numbered("location", 1, Number("drive_type", 0), Group("pathname", Text("absolute"), Text("relative")))));

    /// <summary>Elements with and without ids side by side, as real files have them.</summary>
    private static MachineFileElement SuperIO(params IReadOnlyList<MachineFileElement> serialPorts) => Group(
        "super_io",
        [
            Numbered("floppy", 0, Group("pathname", Text("absolute"), Text("relative"))),
            Group("floppy", Flag("auto_detect", false)),
            Group("parallel_port", Flag("port_shared", false), Number("port_type", 0)),
            .. serialPorts,
            Group("serial_port", Flag("connect_immediately", false)),
        ]);

    private static MachineFileElement Creator(string name, string build) => Group("creator", Text("build", build), Text("name", name));

    private static MachineFileElement Undo(bool enabled, int? action = null) =>
        Group(
            "undo_drives",
            [Flag("enabled", enabled), .. action is { } number ? [Number("default_action", number)] : Array.Empty<MachineFileElement>()]);
}

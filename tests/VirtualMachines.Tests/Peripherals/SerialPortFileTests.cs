using System.IO.Pipes;
using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines.Machines;
using VpcComApi.VirtualMachines.Peripherals;

namespace VpcComApi.VirtualMachines.Tests.Peripherals;

/// <summary>The wiring of serial ports where real .vmc files have it, and where earlier versions of this product had it.</summary>
[TestFixture]
internal sealed class SerialPortFileTests
{
    private const string First = "hardware/super_io/serial_port[@id=0]/";
    private const string OwnFirst = "integration/vpccomapi/serial_port[@id=0]/";

    private readonly string pipe = "serial-file-" + Guid.NewGuid().ToString("N");

    // The elements below super_io, and the first port's type and name.
    [TestCase("<serial_port id='0'><port_type type='integer'>3</port_type><pipe_name "
        + "type='string'>\\\\.\\pipe\\x</pipe_name></serial_port>", 2, @"\\.\pipe\x")]
    [TestCase("<serial_port id='0'><port_type type='integer'>3</port_type><pipe_name "
        + "type='string'>\\\\.\\pipe\\x\\y</pipe_name></serial_port>", 2, @"\\.\pipe\x\y")]
    [TestCase("<serial_port id='1'><port_type type='integer'>3</port_type></serial_port><serial_port id='0'><port_type "
        + "type='integer'>0</port_type><pipe_name type='string'>\\\\.\\pipe\\x</pipe_name></serial_port>", 3, "")]
    [TestCase("<serial_port id='0'><port_type type='integer'>2</port_type><text_file_path "
        + "type='string'>/tmp/line-1.txt</text_file_path></serial_port>", 1, "/tmp/line-1.txt")]
    [TestCase("<serial_port id='0'><port_type type='integer'>2</port_type><text_file_path "
        + "type='string'>C:\\line-1.txt</text_file_path></serial_port>", 1, @"C:\line-1.txt")]
    [TestCase("<serial_port id='0'><port_type type='integer'>2</port_type></serial_port>", 1, "")]
    [TestCase("<serial_port id='0'><port_type type='integer'>7</port_type></serial_port>", 3, "")]
    [TestCase("<serial_port id='0'><port_type type='string'>3</port_type></serial_port>", 3, "")]
    [TestCase("<serial_port id='0'><pipe_name type='string'>\\\\.\\pipe\\x</pipe_name></serial_port>", 3, "")]
    [TestCase("<serial_port><port_type type='integer'>3</port_type><pipe_name "
        + "type='string'>\\\\.\\pipe\\x</pipe_name></serial_port>", 3, "")]
    [Platform("Linux")]
    public async Task The_wiring_of_a_real_file_is_read(string elements, int type, string name)
    {
        await using HostFixture fixture = new();
        Write(fixture.Machine, elements);

        Assert.That(
            fixture.Machine.SerialPorts[0].Settings,
            Is.EqualTo(new SerialPortSettings((SerialPortType)type, name, ConnectImmediately: false)));
    }

    [TestCase(@"line-1.txt", "line-1.txt")]
    [TestCase(@".\logs\line-1.txt", "logs/line-1.txt")]
    [TestCase(@"..\line-1.txt", "../line-1.txt")]
    public async Task A_relative_text_file_is_in_the_machine_s_folder_whatever_the_host_s_current_folder_is(string text, string below)
    {
        await using HostFixture fixture = new();
        string folder = Path.GetDirectoryName(fixture.Machine.ConfigurationFile)!;
        string expected = Path.GetFullPath(below, folder);
        Directory.CreateDirectory(Path.GetDirectoryName(expected)!);
        Write(
            fixture.Machine,
            $"<serial_port id='0'><port_type type='integer'>2</port_type><text_file_path "
                + $"type='string'>{text}</text_file_path></serial_port>");
        FakeDevices devices = new();
        fixture.Provider.Prepare = machine => machine.Devices = devices;

        Assert.That(fixture.Machine.SerialPorts[0].Settings.Name, Is.EqualTo(expected));
        await fixture.StartAsync();
        await Wait.UntilAsync(
            () =>
            {
                devices.SendFromGuest("x");
                return File.Exists(expected) && new FileInfo(expected).Length > 0;
            },
            "the file to be written");
    }

    [Test]
    public async Task A_pipe_with_several_parts_from_a_real_file_is_there_when_the_machine_runs_and_talks()
    {
        await using HostFixture fixture = new();
        FakeDevices devices = new();
        fixture.Provider.Prepare = machine => machine.Devices = devices;
        Write(
            fixture.Machine,
            "<serial_port id='0'><port_type type='integer'>3</port_type>"
                + $@"<pipe_name type='string'>\\.\pipe\{pipe}\debug\1</pipe_name></serial_port>");
        await fixture.StartAsync();

        await using NamedPipeClientStream client = new(".", $@"{pipe}\debug\1", PipeDirection.InOut, PipeOptions.Asynchronous);
        await Wait.UntilAsync(client.ConnectAsync(), "the pipe");
        await client.WriteAsync("to the guest"u8.ToArray());
        await Wait.UntilAsync(() => devices.Received == "to the guest", "the bytes to reach the guest");
        devices.SendFromGuest("to the host");
        byte[] answer = new byte["to the host".Length];
        await Wait.UntilAsync(client.ReadExactlyAsync(answer).AsTask(), "the guest's answer");

        Assert.That(answer, Is.EqualTo("to the host"u8.ToArray()));
        await HostFixture.SucceedAsync(fixture.Machine.TurnOff());
        await using NamedPipeClientStream late = new(".", $@"{pipe}\debug\1", PipeDirection.InOut, PipeOptions.Asynchronous);
        Assert.That(async () => await late.ConnectAsync(100), Throws.InstanceOf<TimeoutException>(), "the pipe is closed with the machine");
    }

    [Test]
    public async Task The_configuration_is_stored_where_real_files_have_it_and_is_reported()
    {
        await using HostFixture fixture = new();
        VirtualMachine machine = fixture.Machine;
        List<(string, object?)> told = [];
        machine.ConfigurationChanged += (_, change) => told.Add((change.Key, change.Value));

        machine.SerialPorts[0].Configure(SerialPortType.NamedPipe, @"\\.\pipe\a\b", connectImmediately: true);
        machine.SerialPorts[1].Configure(SerialPortType.TextFile, Path.Combine(fixture.Folder, "line-2.txt"), connectImmediately: true);
        Assert.That(Value(machine, First + "port_type"), Is.EqualTo(3));
        Assert.That(Value(machine, First + "pipe_name"), Is.EqualTo(@"\\.\pipe\a\b"));
        Assert.That(Value(machine, "hardware/super_io/serial_port[@id=1]/port_type"), Is.EqualTo(2));
        Assert.That(
            Value(machine, "hardware/super_io/serial_port[@id=1]/text_file_path"), Is.EqualTo(Path.Combine(fixture.Folder, "line-2.txt")));

        machine.SerialPorts[0].Configure(SerialPortType.HostPort, "COM3", connectImmediately: true);
        Assert.That(Value(machine, First + "port_type"), Is.EqualTo(1));
        Assert.That(Value(machine, First + "connect_immediately"), Is.True);
        Assert.That(
            machine.SerialPorts[0].Settings, Is.EqualTo(new SerialPortSettings(SerialPortType.HostPort, "COM3", ConnectImmediately: true)));

        machine.SerialPorts[0].Configure(SerialPortType.Null, string.Empty, connectImmediately: false);
        Assert.That(Value(machine, First + "port_type"), Is.Zero);
        Assert.That(machine.SerialPorts[0].Settings, Is.EqualTo(SerialPortSettings.None));
        await machine.Parts.Context.Events.DrainAsync();
        Assert.That(told, Does.Contain((First + "port_type", (object?)3)).And.Contain((First + "pipe_name", (object?)@"\\.\pipe\a\b")));
        Assert.That(told[^1], Is.EqualTo((First + "port_type", (object?)0)));
    }

    [TestCase(0, "COM2", true)]
    [TestCase(1, "/tmp/old.txt", false)]
    [TestCase(2, @"\\.\pipe\old", false)]
    public async Task A_file_of_an_earlier_version_is_read_until_its_port_is_configured(int type, string name, bool connects)
    {
        await using HostFixture fixture = new();
        VirtualMachine machine = fixture.Machine;
        machine.ConfigurationValues.SetValue(OwnFirst + "type", type);
        machine.ConfigurationValues.SetValue(OwnFirst + "name", name);
        machine.ConfigurationValues.SetValue(OwnFirst + "connect_immediately", connects);
        Assert.That(machine.SerialPorts[0].Settings, Is.EqualTo(new SerialPortSettings((SerialPortType)type, name, connects)));

        machine.SerialPorts[0].Configure(SerialPortType.NamedPipe, @"\\.\pipe\new", connectImmediately: false);

        Assert.That(
            machine.SerialPorts[0].Settings,
            Is.EqualTo(new SerialPortSettings(SerialPortType.NamedPipe, @"\\.\pipe\new", ConnectImmediately: false)));
        Assert.That(
            () => machine.ConfigurationValues.GetValue(OwnFirst + "type"), Refusals.With(VirtualMachineError.ValueNotFound), "one home");
        machine.ConfigurationValues.SetValue(OwnFirst + "type", 3);
        Assert.That(machine.SerialPorts[0].Settings.Type, Is.EqualTo(SerialPortType.NamedPipe), "the real key counts");
    }

    [TestCase(0, true)]
    [TestCase(2, false)]
    public async Task What_an_earlier_version_wrote_counts_beside_a_real_files_type_of_no_port_alone(int portType, bool counts)
    {
        await using HostFixture fixture = new();
        VirtualMachine machine = fixture.Machine;
        Write(
            machine,
            $"<serial_port id='0'><port_type type='integer'>{portType}</port_type><text_file_path "
                + "type='string'>/tmp/real.txt</text_file_path></serial_port>");
        machine.ConfigurationValues.SetValue(OwnFirst + "type", (int)SerialPortType.TextFile);
        machine.ConfigurationValues.SetValue(OwnFirst + "name", "/tmp/old.txt");

        Assert.That(
            machine.SerialPorts[0].Settings,
            Is.EqualTo(
                new SerialPortSettings(SerialPortType.TextFile, counts ? "/tmp/old.txt" : "/tmp/real.txt", ConnectImmediately: false)));

        machine.SerialPorts[0].Configure(SerialPortType.Null, string.Empty, connectImmediately: false);
        Assert.That(machine.SerialPorts[0].Settings, Is.EqualTo(SerialPortSettings.None), "the last values of Configure");
    }

    [TestCase("<serial_port><connect_immediately type='boolean'>true</connect_immediately></serial_port>", true)]
    [TestCase("<serial_port id='0'><port_type type='integer'>1</port_type></serial_port>", false)]
    [TestCase("<serial_port><connect_immediately type='boolean'>true</connect_immediately></serial_port><serial_port "
        + "id='0'><connect_immediately type='boolean'>false</connect_immediately></serial_port>", false)]
    public async Task Whether_a_host_port_is_opened_at_the_start_is_set_at_the_port_or_for_all_ports(string elements, bool connects)
    {
        await using HostFixture fixture = new();
        Write(fixture.Machine, elements);
        fixture.Machine.ConfigurationValues.SetValue(First + "port_type", 1);
        fixture.Machine.ConfigurationValues.SetValue(OwnFirst + "name", "COM4");

        Assert.That(fixture.Machine.SerialPorts[0].Settings, Is.EqualTo(new SerialPortSettings(SerialPortType.HostPort, "COM4", connects)));
    }

    private static object Value(VirtualMachine machine, string key) => machine.ConfigurationValues.GetValue(key);

    /// <summary>Writes the elements of a file's <c>super_io</c>.</summary>
    private static void Write(VirtualMachine machine, string elements) => File.WriteAllText(
        machine.ConfigurationFile,
        "<preferences><hardware><memory><ram_size "
            + "type='integer'>64</ram_size></memory><super_io>" + elements + "</super_io></hardware></preferences>");
}

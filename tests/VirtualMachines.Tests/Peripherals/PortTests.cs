using System.IO.Pipes;
using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines.Machines;
using VpcComApi.VirtualMachines.Peripherals;

namespace VpcComApi.VirtualMachines.Tests.Peripherals;

/// <summary>Serial and parallel ports: what they are wired to, and the bytes that go over them.</summary>
[TestFixture]
internal sealed class PortTests
{
    private readonly string pipe = "serial-test-" + Guid.NewGuid().ToString("N");

    private string FullPipe => @"\\.\pipe\" + pipe;

    [Test]
    public async Task A_machine_has_two_serial_ports_that_are_wired_to_nothing_and_one_parallel_port()
    {
        await using HostFixture fixture = new();

        Assert.That(
            fixture.Machine.SerialPorts.Select(port => (port.Number, port.Settings)),
            Is.EqualTo(new[] { (1, SerialPortSettings.None), (2, SerialPortSettings.None) }));
        Assert.That(fixture.Machine.ParallelPorts.Single().Name, Is.Empty);
    }

    [Test]
    public async Task Settings_are_kept_in_the_configuration()
    {
        using TestDirectory folder = new();
        await using (HostFixture first = new(folder.FullPath))
        {
            first.Machine.SerialPorts[0].Configure(SerialPortType.HostPort, "COM2", connectImmediately: true);
            first.Machine.SerialPorts[1].Configure(SerialPortType.NamedPipe, FullPipe, connectImmediately: true);
            first.Machine.ParallelPorts[0].Name = "LPT1";
        }

        await using HostFixture second = new(folder.FullPath);

        Assert.That(
            second.Machine.SerialPorts[0].Settings,
            Is.EqualTo(new SerialPortSettings(SerialPortType.HostPort, "COM2", ConnectImmediately: true)));
        Assert.That(
            second.Machine.SerialPorts[1].Settings,
            Is.EqualTo(new SerialPortSettings(SerialPortType.NamedPipe, FullPipe, ConnectImmediately: false)));
        Assert.That(second.Machine.ParallelPorts[0].Name, Is.EqualTo("LPT1"));
        second.Machine.SerialPorts[1].Configure(SerialPortType.Null, "whatever", connectImmediately: true);
        Assert.That(second.Machine.SerialPorts[1].Settings, Is.EqualTo(SerialPortSettings.None));
    }

    [TestCase(4, "x", VirtualMachineError.InvalidArgument)]
    [TestCase(0, null, VirtualMachineError.MissingArgument)]
    [TestCase(0, "", VirtualMachineError.BadPathName)]
    [TestCase(0, "LPT1", VirtualMachineError.InvalidPathName)]
    [TestCase(0, "COM0", VirtualMachineError.InvalidPathName)]
    [TestCase(1, "relative.txt", VirtualMachineError.BadPathName)]
    [TestCase(2, "", VirtualMachineError.BadPathName)]
    [TestCase(2, "pipe", VirtualMachineError.BadPathName)]
    [TestCase(2, @"\\.\pipe\", VirtualMachineError.BadPathName)]
    [TestCase(2, @"\\.\pipe\a\", VirtualMachineError.InvalidPathName)]
    [TestCase(2, @"\\.\pipe\a\\b", VirtualMachineError.InvalidPathName)]
    [TestCase(2, @"\\.\pipe\a\b?", VirtualMachineError.InvalidPathName)]
    [TestCase(2, @"\\.\pipe\\a", VirtualMachineError.BadPathName)]
    [TestCase(2, @"\\.\pipe\a?", VirtualMachineError.InvalidPathName)]
    [TestCase(2, @"\\another-computer\pipe\a", VirtualMachineError.InvalidPathName)]
    public async Task A_malformed_end_is_refused(int type, string? name, VirtualMachineError error)
    {
        await using HostFixture fixture = new();

        Assert.That(
            () => fixture.Machine.SerialPorts[0].Configure((SerialPortType)type, name, connectImmediately: false), Refusals.With(error));
    }

    [Test]
    public async Task Names_that_are_too_long_are_refused_and_one_end_belongs_to_one_port()
    {
        await using HostFixture fixture = new();
        IReadOnlyList<SerialPort> ports = fixture.Machine.SerialPorts;
        ports[0].Configure(SerialPortType.NamedPipe, FullPipe, connectImmediately: false);

        Assert.That(
            () => ports[1].Configure(SerialPortType.NamedPipe, FullPipe.ToUpperInvariant(), connectImmediately: false),
            Refusals.With(VirtualMachineError.IllegalValue));
        Assert.That(
            () => ports[1].Configure(SerialPortType.NamedPipe, @"\\.\pipe\" + new string('x', 256), connectImmediately: false),
            Refusals.With(VirtualMachineError.PathTooLong));
        ports[0].Configure(SerialPortType.NamedPipe, FullPipe, connectImmediately: false);
        Assert.That(() => fixture.Machine.ParallelPorts[0].Name = "COM1", Refusals.With(VirtualMachineError.InvalidArgument));
    }

    [Test]
    public async Task A_named_pipe_carries_bytes_both_ways_for_one_client_after_the_other()
    {
        await using HostFixture fixture = new();
        FakeDevices devices = new();
        fixture.Provider.Prepare = machine => machine.Devices = devices;
        fixture.Machine.SerialPorts[0].Configure(SerialPortType.NamedPipe, FullPipe, connectImmediately: false);
        await fixture.StartAsync();

        foreach (string word in (string[])["first", "second"])
        {
            await using NamedPipeClientStream client = new(".", pipe, PipeDirection.InOut, PipeOptions.Asynchronous);
            await Wait.UntilAsync(client.ConnectAsync(), "the pipe");
            await client.WriteAsync(word.Select(character => (byte)character).ToArray());
            await Wait.UntilAsync(() => devices.Received.EndsWith(word, StringComparison.Ordinal), "the bytes to reach the guest");
            devices.SendFromGuest("ok");
            byte[] answer = new byte[2];
            await Wait.UntilAsync(client.ReadExactlyAsync(answer).AsTask(), "the guest's answer");
            Assert.That(answer, Is.EqualTo("ok"u8.ToArray()));
        }

        await HostFixture.SucceedAsync(fixture.Machine.TurnOff());
        await using NamedPipeClientStream late = new(".", pipe, PipeDirection.InOut, PipeOptions.Asynchronous);
        Assert.That(async () => await late.ConnectAsync(100), Throws.InstanceOf<TimeoutException>(), "the pipe is closed with the machine");
    }

    [Test]
    public async Task A_running_machine_s_port_can_be_wired_to_a_file_which_is_appended_to()
    {
        using TestDirectory folder = new();
        string file = folder.WriteText("serial.txt", "before ");
        await using HostFixture fixture = new();
        FakeDevices devices = new();
        fixture.Provider.Prepare = machine => machine.Devices = devices;
        await fixture.StartAsync();

        fixture.Machine.SerialPorts[0].Configure(SerialPortType.TextFile, file, connectImmediately: false);
        await Wait.UntilAsync(
            () =>
            {
                // Until the cable is plugged in, what the guest sends is lost, as on any line.
                devices.SendFromGuest("x");
                return Read(file).EndsWith('x');
            },
            "the file to be written");

        Assert.That(Read(file), Does.StartWith("before x"));
    }

    [Test]
    public async Task An_end_that_cannot_be_opened_is_logged_and_the_machine_runs()
    {
        using TestDirectory folder = new();
        await using HostFixture fixture = new();
        fixture.Provider.Prepare = machine => machine.Devices = new FakeDevices();
        fixture.Machine.SerialPorts[0].Configure(
            SerialPortType.TextFile, folder.PathOf("no such folder", "x.txt"), connectImmediately: false);

        await fixture.StartAsync();

        await Wait.UntilAsync(() => fixture.Log.Entries.Any(entry => entry.Id == 1050), "the log entry");
        Assert.That(fixture.Machine.State, Is.EqualTo(MachineState.Running));
    }

    private static string Read(string file)
    {
        using StreamReader reader = new(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd();
    }
}

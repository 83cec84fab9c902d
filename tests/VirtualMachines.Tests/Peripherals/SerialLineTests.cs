using System.IO.Pipes;
using System.Security.Cryptography;
using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines.Events;
using VpcComApi.VirtualMachines.Machines;
using VpcComApi.VirtualMachines.Peripherals;
using VpcComApi.VirtualMachines.Tasks;
using VpcComApi.VirtualMachines.Tests.Machines;

namespace VpcComApi.VirtualMachines.Tests.Peripherals;

/// <summary>A serial line transfers every byte to the connected end, whatever kind it is.</summary>
[TestFixture]
internal sealed class SerialLineTests
{
    private const int BlockSize = 4096;
    private static readonly byte[] Data = RandomNumberGenerator.GetBytes(1 << 20);

    private readonly string pipe = "serial-line-" + Guid.NewGuid().ToString("N");

    [Test]
    public async Task A_megabyte_reaches_a_text_file_byte_by_byte()
    {
        using TestDirectory folder = new();
        string file = folder.PathOf("line.txt");
        await using HostFixture fixture = new();
        FakeDevices devices = new();
        fixture.Provider.Prepare = machine => machine.Devices = devices;
        fixture.Machine.SerialPorts[0].Configure(SerialPortType.TextFile, file, connectImmediately: false);
        await fixture.StartAsync();
        await Wait.UntilAsync(() => File.Exists(file), "the file");

        Send(devices, Data);

        // At once: what the guest has sent before its end arrives after it.
        await HostFixture.SucceedAsync(fixture.Machine.TurnOff());
        Assert.That(SHA256.HashData(await File.ReadAllBytesAsync(file)), Is.EqualTo(SHA256.HashData(Data)));
    }

    [Test]
    public async Task A_text_file_on_a_full_volume_goes_on_when_there_is_room_again()
    {
        await using SmallVolume volume = await SmallVolume.CreateAsync(megabytes: 2);
        await using HostFixture fixture = new();
        FakeDevices devices = new();
        fixture.Provider.Prepare = machine => machine.Devices = devices;
        string file = volume.PathOf("line.txt");
        fixture.Machine.SerialPorts[0].Configure(SerialPortType.TextFile, file, connectImmediately: false);
        await fixture.StartAsync();
        await Wait.UntilAsync(() => File.Exists(file), "the file");
        volume.FillUp(0);

        devices.SendFromGuest("lost 1 ");
        devices.SendFromGuest("lost 2 ");
        await Wait.UntilAsync(() => NotConnected(fixture) > 0, "the full volume to be reported");
        volume.MakeRoom();
        await Wait.UntilAsync(
            () =>
            {
                devices.SendFromGuest("x");
                return new FileInfo(file).Length > 0;
            },
            "the file to be written again");
        await HostFixture.SucceedAsync(fixture.Machine.TurnOff());

        Assert.That(await File.ReadAllTextAsync(file), Does.Match("^(lost 2 )?x+$"), "no hole, and nothing twice");
        Assert.That(NotConnected(fixture), Is.EqualTo(1));
    }

    [Test]
    public async Task A_start_that_fails_late_leaves_nothing_behind_and_the_next_one_has_the_pipe()
    {
        await using HostFixture fixture = new();
        FakeDevices devices = new();
        FakeLiveHardware hardware = new() { Failure = new InsufficientMemoryException() };
        fixture.Machine.SerialPorts[0].Configure(SerialPortType.NamedPipe, @"\\.\pipe\" + pipe, connectImmediately: false);
        fixture.Provider.Prepare = machine => (machine.Devices, machine.NetworkCables) = (devices, hardware);
        fixture.Provider.Starting = (_, _, _) =>
        {
            fixture.Machine.NetworkCards[0].Detach();
            return Task.CompletedTask;
        };

        MachineTask failing = fixture.Machine.Startup(StartupOption.Normal);
        await Wait.UntilAsync(failing.Completion, "the start to fail");

        Assert.That(failing.Result, Is.EqualTo(MachineTaskResult.OutOfMemory));
        Assert.That(fixture.Machine.State, Is.EqualTo(MachineState.TurnedOff));
        Assert.That(fixture.Provider.Last.IsDisposed, Is.True);
        Assert.That(fixture.Machine.CommunicationChannels, Is.Empty);
        Assert.That(() => fixture.Machine.RdpPipeName, Refusals.With(VirtualMachineError.MachineNotRunning));

        devices = new FakeDevices();
        fixture.Provider.Starting = (_, _, _) => Task.CompletedTask;
        await fixture.StartAsync();
        await using NamedPipeClientStream client = new(".", pipe, PipeDirection.InOut, PipeOptions.Asynchronous);
        await Wait.UntilAsync(client.ConnectAsync(), "the pipe");
        await client.WriteAsync("to the second"u8.ToArray());
        await Wait.UntilAsync(() => devices.Received == "to the second", "the bytes to reach the machine that runs");
    }

    [Test]
    [Platform("Linux", Reason = "A pseudo-terminal represents a serial cable.")]
    public async Task A_serial_port_of_the_host_transfers_every_byte_unchanged_and_is_released()
    {
        using PseudoTerminal cable = new();
        List<byte> toGuest = [];
        HostPortSerialEnd end = new(
            cable.Path,
            openNow: true,
            (bytes, _) =>
            {
                toGuest.AddRange(bytes.Span);
                return ValueTask.CompletedTask;
            });

        byte[] back = new byte[Data.Length];
        Task reading = cable.FarEnd.ReadExactlyAsync(back).AsTask();
        await Wait.UntilAsync(end.WriteAsync(Data, CancellationToken.None).AsTask(), "the bytes to go out");
        await Wait.UntilAsync(reading, "the other end to have them");
        Assert.That(SHA256.HashData(back), Is.EqualTo(SHA256.HashData(Data)));

        await Wait.UntilAsync(cable.FarEnd.WriteAsync(Data).AsTask(), "the bytes to come in");
        await Wait.UntilAsync(() => toGuest.Count == Data.Length, "the last byte");
        Assert.That(SHA256.HashData(toGuest.ToArray()), Is.EqualTo(SHA256.HashData(Data)));

        Assert.That(
            () => new HostPortSerialEnd(cable.Path, openNow: true, (_, _) => default), Throws.InstanceOf<IOException>(), "it is taken");
        await Wait.UntilAsync(end.DisposeAsync().AsTask(), "a port with a pending read to be closed");
        await using HostPortSerialEnd next = new(cable.Path, openNow: true, (_, _) => default);
    }

    [Test]
    [Platform("Linux", Reason = "A pseudo-terminal represents a serial port.")]
    public async Task A_serial_port_of_the_host_is_not_opened_after_its_end()
    {
        using PseudoTerminal cable = new();
        HostPortSerialEnd end = new(cable.Path, openNow: false, (_, _) => default);
        await end.DisposeAsync();

        Assert.That(async () => await end.WriteAsync(Data, CancellationToken.None), Throws.InstanceOf<ObjectDisposedException>());
        await using HostPortSerialEnd next = new(cable.Path, openNow: true, (_, _) => default);
    }

    private static int NotConnected(HostFixture fixture) =>
        fixture.Log.Entries.Count(entry => entry.Id == MachineEventIds.SerialPortNotConnected);

    private static void Send(FakeDevices devices, byte[] data)
    {
        foreach (byte[] block in data.Chunk(BlockSize))
        {
            devices.SendFromGuest(block);
        }
    }
}

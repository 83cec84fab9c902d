using System.IO.Pipes;
using System.Security.Cryptography;
using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines.Emulated.Tests.Conformance;
using VpcComApi.VirtualMachines.Machines;
using VpcComApi.VirtualMachines.Peripherals;
using VpcComApi.VirtualMachines.Providers;
using VpcComApi.VirtualMachines.Tasks;

namespace VpcComApi.VirtualMachines.Qemu.Tests;

/// <summary>A megabyte over the second serial port of a QEMU machine, out of its guest and into it, while the first carries the commands.</summary>
[NonParallelizable]
[CancelAfter(180_000)]
internal sealed class QemuSerialLineTests
{
    private const int Megabyte = 1 << 20;

    /// <summary>An emulated processor moves a byte of a serial port in some twenty microseconds, and may have little of the computer.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    private readonly string pipe = "qemu-serial-" + Guid.NewGuid().ToString("N");
    private MachineTestEnvironment environment = null!;
    private TestDirectory folder = null!;
    private QemuMachineProvider provider = null!;
    private VirtualMachineHost host = null!;
    private VirtualMachine machine = null!;

    [SetUp]
    public async Task Start_a_machine()
    {
        environment = new MachineTestEnvironment();
        folder = new TestDirectory();
        TestOutputLog log = new();
        provider = new QemuMachineProvider(new QemuMachineOptions { LoggerFactory = log });
        host = VirtualMachineHost.Open(new VirtualMachineHostOptions { DataFolder = folder.FullPath, Providers = [provider], LoggerFactory = log });
        machine = host.CreateVirtualMachine("QEMU", folder.PathOf("machine"));
        foreach ((string key, object value) in new GuestImage())
        {
            machine.ConfigurationValues.SetValue(key, value);
        }

        machine.MemoryMegabytes = 128;
        machine.SerialPorts[0].Configure(SerialPortType.NamedPipe, @"\\.\pipe\" + pipe + "-1", connectImmediately: false);
        machine.SerialPorts[1].Configure(SerialPortType.NamedPipe, @"\\.\pipe\" + pipe + "-2", connectImmediately: false);
        await SucceedAsync(machine.Startup(StartupOption.Normal));
    }

    [TearDown]
    public async Task End()
    {
        await host.DisposeAsync();
        provider.Dispose();
        await environment.AssertNothingLeftAsync();
        environment.Dispose();
        folder.Dispose();
    }

    [Test]
    public async Task A_megabyte_comes_out_to_a_reader_that_is_late_and_to_a_file_and_goes_in()
    {
        await using Line first = await Line.ConnectAsync(pipe + "-1");
        await using Line second = await Line.ConnectAsync(pipe + "-2");
        GuestShell shell = await GuestShell.OpenAsync(first);
        await shell.RunAsync("stty raw -echo </dev/ttyS1");
        string hash = await shell.RunAsync($"head -c {Megabyte} /dev/urandom > /tmp/out; sha256sum < /tmp/out");

        // The first line answers while the second stands still, and nobody has read a byte of it yet.
        await shell.RunAsync("{ cat /tmp/out > /dev/ttyS1 & }");
        Assert.That(await shell.RunAsync("echo alive"), Is.EqualTo("alive"));
        byte[] received = new byte[Megabyte];
        await Wait.UntilAsync(second.Stream.ReadExactlyAsync(received).AsTask(), "the guest's megabyte", Limit);
        Assert.That(hash, Does.StartWith(Convert.ToHexStringLower(SHA256.HashData(received))));

        byte[] data = RandomNumberGenerator.GetBytes(Megabyte);
        await shell.RunAsync($"{{ head -c {Megabyte} /dev/ttyS1 > /tmp/in & }}");
        await Wait.UntilAsync(second.Stream.WriteAsync(data).AsTask(), "the guest to take a megabyte", Limit);
        await Wait.UntilAsync(
            async () => (await shell.RunAsync("wc -c < /tmp/in")).Trim() == Megabyte.ToString(System.Globalization.CultureInfo.InvariantCulture),
            "the last byte",
            Limit);
        Assert.That(await shell.RunAsync("sha256sum < /tmp/in"), Does.StartWith(Convert.ToHexStringLower(SHA256.HashData(data))));

        string file = folder.PathOf("line.txt");
        machine.SerialPorts[1].Configure(SerialPortType.TextFile, file, connectImmediately: false);
        await Wait.UntilAsync(() => File.Exists(file), "the file");
        await shell.RunAsync("cat /tmp/out > /dev/ttyS1");
        await Wait.UntilAsync(() => new FileInfo(file).Length >= Megabyte, "the file to fill", Limit);
        await SucceedAsync(machine.TurnOff());
        Assert.That(hash, Does.StartWith(Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(file)))));
    }

    private static async Task SucceedAsync(MachineTask task)
    {
        await Wait.UntilAsync(task.Completion, task.Description, Limit);
        Assert.That(task.Error?.ToString(), Is.Null, task.Description);
    }

    /// <summary>A serial line's pipe as its far end sees it.</summary>
    private sealed class Line(NamedPipeClientStream stream) : ISerialDevice, IAsyncDisposable
    {
        public NamedPipeClientStream Stream => stream;

        public static async Task<Line> ConnectAsync(string pipe)
        {
            NamedPipeClientStream stream = new(".", pipe, PipeDirection.InOut, PipeOptions.Asynchronous);
            await stream.ConnectAsync(5000);
            return new Line(stream);
        }

        public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken) => stream.ReadAsync(buffer, cancellationToken);

        public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => stream.WriteAsync(bytes, cancellationToken);

        public ValueTask DisposeAsync() => stream.DisposeAsync();
    }
}

using System.Globalization;
using System.Security.Cryptography;
using VpcComApi.ProviderConformance;
using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines.Machines;
using VpcComApi.VirtualMachines.Peripherals;
using VpcComApi.VirtualMachines.Tasks;

namespace VpcComApi.VirtualMachines.Qemu.Tests;

/// <summary>
/// All bytes over the second serial port of a QEMU machine arrive, whatever its other end is; the first one carries the
/// commands. One machine for all of them.
/// </summary>
/// <remarks>
/// The guest has its port open all the time: opening a closed one clears the bytes in its chip. An emulated processor
/// that has half a computer for itself sends 200 KB a second and takes 40.
/// </remarks>
[NonParallelizable]
[CancelAfter(600_000)]
internal sealed class QemuSerialLineTests
{
    private const int Megabyte = 1 << 20;

    /// <summary>What the guest sends until the other end has some of it, and so is there.</summary>
    private const byte Sign = (byte)'.';

    private const byte EndOfSigns = (byte)'\n';

    /// <summary>
    /// The most that waits between a client that has written all and the guest: what the system's pipe, our buffers and QEMU's socket hold.
    /// </summary>
    private const int MostOnTheWay = Megabyte / 2;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private readonly string pipe = "qemu-serial-" + Guid.NewGuid().ToString("N");
    private MachineTestEnvironment environment = null!;
    private TestDirectory folder = null!;
    private QemuMachineProvider provider = null!;
    private VirtualMachineHost host = null!;
    private VirtualMachine machine = null!;
    private PipeLine first = null!;
    private GuestShell shell = null!;

    /// <summary>The hash of the megabyte that the guest has in <c>/tmp/out</c>.</summary>
    private string hash = null!;

    [OneTimeSetUp]
    public async Task Start_the_machine()
    {
        GuestImage image = new();
        environment = new MachineTestEnvironment();
        folder = new TestDirectory();
        TestOutputLog log = new();
        provider = new QemuMachineProvider(new QemuMachineOptions { LoggerFactory = log });
        host = VirtualMachineHost.Open(
            new VirtualMachineHostOptions { DataFolder = folder.FullPath, Providers = [provider], LoggerFactory = log });
        machine = host.CreateVirtualMachine("QEMU", folder.PathOf("machine"));
        foreach ((string key, object value) in image)
        {
            machine.ConfigurationValues.SetValue(key, value);
        }

        machine.MemoryMegabytes = 128;
        machine.SerialPorts[0].Configure(SerialPortType.NamedPipe, @"\\.\pipe\" + pipe + "-1", connectImmediately: false);
        await SucceedAsync(machine.Startup(StartupOption.Normal));
        first = await PipeLine.ConnectAsync(pipe + "-1");
        shell = await GuestShell.OpenAsync(first);
        await shell.RunAsync("exec 3<>/dev/ttyS1; stty raw -echo <&3");
        hash = HashOf(await shell.RunAsync($"head -c {Megabyte} /dev/urandom >/tmp/out; sha256sum </tmp/out"));
    }

    [OneTimeTearDown]
    public async Task End_the_machine()
    {
        if (first is not null)
        {
            await first.DisposeAsync();
        }

        if (host is not null)
        {
            await SucceedAsync(machine.TurnOff());
            await host.DisposeAsync();
            await provider.DisposeAsync();
            await environment.AssertNothingLeftAsync();
        }

        environment?.Dispose();
        folder?.Dispose();
    }

    [Test]
    public async Task A_megabyte_comes_out_of_a_pipe_whose_client_reads_late_while_the_other_line_goes_on()
    {
        await using PipeLine line = await OpenPipeAsync();
        await BeginAsync(line.Stream);
        long before = await CountAsync("tx");
        await shell.RunAsync("{ cat /tmp/out >&3 & }");

        long sent = before;
        await Wait.UntilAsync(
            async () =>
            {
                long earlier = sent;
                sent = await CountAsync("tx");
                return sent > before && sent == earlier;
            },
            "the guest to block",
            Limit);
        Assert.That(sent - before, Is.LessThan(Megabyte));
        byte[] received = new byte[Megabyte];
        await Wait.UntilAsync(line.Stream.ReadExactlyAsync(received).AsTask(), "the guest's megabyte", Limit);

        Assert.That(HashOf(received), Is.EqualTo(hash));
    }

    [Test]
    public async Task A_megabyte_goes_into_the_guest_as_fast_as_that_takes_it()
    {
        await using PipeLine line = await OpenPipeAsync();
        byte[] data = RandomNumberGenerator.GetBytes(Megabyte);
        long before = await CountAsync("rx");
        await shell.RunAsync($"{{ head -c {Megabyte} <&3 | sha256sum >/tmp/in & }}");

        await Wait.UntilAsync(line.Stream.WriteAsync(data).AsTask(), "the client to write a megabyte", Limit);
        Assert.That(await CountAsync("rx") - before, Is.GreaterThan(Megabyte - MostOnTheWay), "the client has waited for the guest");

        Assert.That(HashOf(await shell.RunAsync("wait; cat /tmp/in", Limit)), Is.EqualTo(HashOf(data)));
    }

    [Test]
    public async Task A_megabyte_comes_out_into_a_text_file()
    {
        string file = folder.PathOf("line.txt");
        machine.SerialPorts[1].Configure(SerialPortType.TextFile, file, connectImmediately: false);
        await Wait.UntilAsync(
            async () =>
            {
                await SendSignAsync();
                return new FileInfo(file) is { Exists: true, Length: > 0 };
            },
            "the file");
        await shell.RunAsync("echo >&3; cat /tmp/out >&3", Limit);

        byte[] received = [];
        await Wait.UntilAsync(() => (received = AfterSigns(file)).Length >= Megabyte, "the last byte", Limit);
        Assert.That(HashOf(received), Is.EqualTo(hash));
    }

    [Test]
    [Platform("Linux", Reason = "A pseudo-terminal represents a serial port of the host.")]
    public async Task Bytes_come_out_of_a_serial_port_of_the_host_and_go_into_it()
    {
        const int Length = Megabyte / 8;
        using PseudoTerminal cable = new();
        machine.SerialPorts[1].Configure(SerialPortType.HostPort, cable.BecomeHostPort(), connectImmediately: true);
        try
        {
            await BeginAsync(cable.FarEnd);
            string expected = HashOf(await shell.RunAsync($"head -c {Length} /tmp/out | sha256sum; {{ head -c {Length} /tmp/out >&3 & }}"));
            byte[] received = new byte[Length];
            await Wait.UntilAsync(cable.FarEnd.ReadExactlyAsync(received).AsTask(), "the bytes of the guest", Limit);
            Assert.That(HashOf(received), Is.EqualTo(expected));

            byte[] data = RandomNumberGenerator.GetBytes(Length);
            Task writing = cable.FarEnd.WriteAsync(data).AsTask();
            Assert.That(HashOf(await shell.RunAsync($"head -c {Length} <&3 | sha256sum", Limit)), Is.EqualTo(HashOf(data)));
            await Wait.UntilAsync(writing, "the bytes to be written");
        }
        finally
        {
            machine.SerialPorts[1].Configure(SerialPortType.Null, string.Empty, connectImmediately: false);
        }
    }

    private static string HashOf(byte[] data) => Convert.ToHexStringLower(SHA256.HashData(data));

    /// <summary>The hash in a line of sha256sum.</summary>
    private static string HashOf(string line) => line.Split(' ')[0];

    private static byte[] AfterSigns(string file)
    {
        using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        byte[] all = new byte[stream.Length];
        stream.ReadExactly(all);
        return all[(Array.IndexOf(all, EndOfSigns) + 1)..];
    }

    private static async Task SucceedAsync(MachineTask task)
    {
        await Wait.UntilAsync(task.Completion, task.Description, Limit);
        Assert.That(task.Error?.ToString(), Is.Null, task.Description);
    }

    /// <summary>Plugs the second line into a pipe and opens that.</summary>
    private async Task<PipeLine> OpenPipeAsync()
    {
        string name = $"{pipe}-{Guid.NewGuid():N}";
        machine.SerialPorts[1].Configure(SerialPortType.NamedPipe, @"\\.\pipe\" + name, connectImmediately: false);
        return await PipeLine.ConnectAsync(name);
    }

    /// <summary>Waits until what the guest sends arrives at the other end of the second line.</summary>
    private async Task BeginAsync(Stream end)
    {
        byte[] one = new byte[1];
        Task reading = end.ReadExactlyAsync(one).AsTask();
        await Wait.UntilAsync(
            async () =>
            {
                await SendSignAsync();
                return reading.IsCompleted;
            },
            "the other end of the line");
        await reading;
        await shell.RunAsync("echo >&3");
        while (one[0] == Sign)
        {
            await Wait.UntilAsync(end.ReadExactlyAsync(one).AsTask(), "the end of the guest's signs");
        }

        Assert.That(one[0], Is.EqualTo(EndOfSigns));
    }

    private Task<string> SendSignAsync() => shell.RunAsync($"printf {(char)Sign} >&3");

    /// <summary>How many bytes the guest's driver reports as sent (tx) or received (rx).</summary>
    private async Task<long> CountAsync(string direction)
    {
        string line = await shell.RunAsync("grep ^1: /proc/tty/driver/serial");
        string count = line.Split(' ').SingleOrDefault(
            word => word.StartsWith(direction + ":", StringComparison.Ordinal)) ?? $"{direction}:0";
        return long.Parse(count.AsSpan(direction.Length + 1), CultureInfo.InvariantCulture);
    }
}

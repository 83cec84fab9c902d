using System.IO.Pipes;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using VpcComApi.ProviderConformance;
using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines.Machines;
using VpcComApi.VirtualMachines.Peripherals;
using VpcComApi.VirtualMachines.Tasks;

namespace VpcComApi.VirtualMachines.Emulated.Tests;

/// <summary>
/// All bytes that are sent over the serial lines of an emulated machine arrive, however fast they are sent and however slowly they are
/// read.
/// </summary>
[NonParallelizable]
[CancelAfter(120_000)]
internal sealed class SerialLineTests
{
    private const string Prompt = "\r\nguest> ";
    private const int Megabyte = 1 << 20;

    private readonly string pipe = "serial-lines-" + Guid.NewGuid().ToString("N");
    private MachineTestEnvironment environment = null!;
    private TestDirectory folder = null!;
    private VirtualMachineHost host = null!;
    private VirtualMachine machine = null!;

    [SetUp]
    public async Task Start_a_machine_with_two_pipes()
    {
        environment = new MachineTestEnvironment();
        folder = new TestDirectory();
        host = VirtualMachineHost.Open(new VirtualMachineHostOptions
        {
            DataFolder = folder.FullPath,
            Providers = [new EmulatedMachineProvider()],
            LoggerFactory = NullLoggerFactory.Instance,
        });
        machine = host.VirtualMachines[0];
        machine.SerialPorts[0].Configure(SerialPortType.NamedPipe, @"\\.\pipe\" + pipe + "-1", connectImmediately: false);
        machine.SerialPorts[1].Configure(SerialPortType.NamedPipe, @"\\.\pipe\" + pipe + "-2", connectImmediately: false);
        await SucceedAsync(machine.Startup(StartupOption.Normal));
    }

    [TearDown]
    public async Task End()
    {
        await host.DisposeAsync();
        await environment.AssertNothingLeftAsync();
        environment.Dispose();
        folder.Dispose();
    }

    [Test]
    public async Task A_line_that_comes_in_one_write_comes_back_whole()
    {
        string text = "echo " + new string('x', 69) + "END";
        await using NamedPipeClientStream line = await ConnectAsync(1);
        for (int round = 0; round < 20; round++)
        {
            await WriteAsync(line, text + "\r");
            Assert.That(await ReadUntilAsync(line, "END" + Prompt), Does.EndWith($"{text}\r\n{text[5..]}{Prompt}"));
        }
    }

    [Test]
    public async Task A_megabyte_of_pasted_text_comes_back_as_typed_and_as_answered()
    {
        StringBuilder typed = new();
        StringBuilder expected = new();
        for (int i = 0; typed.Length < Megabyte; i++)
        {
            string text = Convert.ToHexString(SHA256.HashData(BitConverter.GetBytes(i)));
            typed.Append("echo ").Append(text).Append('\r');
            expected.Append("echo ").Append(text).Append("\r\n").Append(text).Append(Prompt);
        }

        await using NamedPipeClientStream line = await ConnectAsync(1);
        Task writing = WriteAsync(line, typed.ToString());
        byte[] answer = await ReadAsync(line, expected.Length);
        await Wait.UntilAsync(writing, "the paste");

        Assert.That(Hash(answer), Is.EqualTo(Hash(Encoding.ASCII.GetBytes(expected.ToString()))));
    }

    [Test]
    public async Task A_megabyte_of_bytes_goes_into_the_guest_and_back([Values("receive", "loopback")] string command)
    {
        byte[] data = RandomNumberGenerator.GetBytes(Megabyte);
        await using NamedPipeClientStream line = await ConnectAsync(1);
        Task writing = Task.Run(async () =>
        {
            await WriteAsync(line, $"{command} {data.Length}\r");
            await line.WriteAsync(data);
        });
        await ReadUntilAsync(line, $"{command} {data.Length}\r\n");
        if (command == "loopback")
        {
            Assert.That(Hash(await ReadAsync(line, data.Length)), Is.EqualTo(Hash(data)));
        }

        await Wait.UntilAsync(writing, "the bytes to be taken");
        Assert.That(await ReadUntilAsync(line, Prompt), Does.Contain($"{data.Length} bytes, SHA-256 {Hash(data)}"));
    }

    [Test]
    [Platform("Linux", Reason = "A pseudo-terminal represents a serial port of the host.")]
    public async Task A_megabyte_goes_over_a_serial_port_of_the_host_into_the_guest_and_back()
    {
        byte[] data = RandomNumberGenerator.GetBytes(Megabyte);
        using PseudoTerminal cable = new();
        await SucceedAsync(machine.TurnOff());
        machine.SerialPorts[0].Configure(SerialPortType.HostPort, cable.BecomeHostPort(), connectImmediately: true);
        await SucceedAsync(machine.Startup(StartupOption.Normal));
        await ReadUntilAsync(cable.FarEnd, "Type help and press Enter.");
        await ReadUntilAsync(cable.FarEnd, Prompt);
        Task writing = Task.Run(async () =>
        {
            await WriteAsync(cable.FarEnd, $"loopback {data.Length}\r");
            await cable.FarEnd.WriteAsync(data);
        });
        await ReadUntilAsync(cable.FarEnd, $"loopback {data.Length}\r\n");

        Assert.That(Hash(await ReadAsync(cable.FarEnd, data.Length)), Is.EqualTo(Hash(data)));
        await Wait.UntilAsync(writing, "the bytes to be taken");
        Assert.That(await ReadUntilAsync(cable.FarEnd, Prompt), Does.Contain($"{data.Length} bytes, SHA-256 {Hash(data)}"));
        await SucceedAsync(machine.TurnOff());
    }

    [Test]
    public async Task A_line_that_nobody_reads_blocks_no_other_and_loses_nothing()
    {
        await using NamedPipeClientStream stalled = await ConnectAsync(1);
        await WriteAsync(stalled, $"send {4 * Megabyte}\r");
        await ReadUntilAsync(stalled, $"send {4 * Megabyte}\r\n");

        await using NamedPipeClientStream other = await ConnectAsync(2);
        await WriteAsync(other, $"send {Megabyte}\r");
        await ReadUntilAsync(other, $"send {Megabyte}\r\n");
        await ReadAsync(other, Megabyte);
        await ReadUntilAsync(other, Prompt);
        await Wait.UntilAsync(machine.PauseAsync(CancellationToken.None), "the pause");
        await Wait.UntilAsync(machine.ResumeAsync(CancellationToken.None), "the resumption");
        await Wait.UntilAsync(machine.WaitForChannelReadyAsync(CancellationToken.None), "the guest service");
        using (MachineKeyboard keyboard = machine.OpenKeyboard())
        {
            await Wait.UntilAsync(keyboard.TypeAsciiTextAsync("date\n", CancellationToken.None), "the keys");
        }

        byte[] sent = await ReadAsync(stalled, 4 * Megabyte);
        Assert.That(await ReadUntilAsync(stalled, Prompt), Does.Contain(Hash(sent)));
        Assert.That(sent.Select((value, at) => value == (byte)(at + (at >> 8))), Has.All.True);
    }

    [Test]
    public async Task A_machine_whose_line_nobody_reads_can_be_saved_and_turned_off([Values] bool save)
    {
        await using NamedPipeClientStream stalled = await ConnectAsync(1);
        await WriteAsync(stalled, $"send {4 * Megabyte}\r");
        await ReadUntilAsync(stalled, $"send {4 * Megabyte}\r\n");

        await SucceedAsync(save ? machine.Save() : machine.TurnOff());

        Assert.That(machine.State, Is.EqualTo(save ? MachineState.Saved : MachineState.TurnedOff));
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "A Windows pipe has no half that could be closed.")]
    public async Task A_client_that_has_shut_down_its_sending_side_gets_the_answer()
    {
        for (int round = 0; round < 3; round++)
        {
            Socket? client = null;
            await Wait.UntilAsync(() => (client = TryConnect()) is not null, "the pipe to be there for the next client");
            await using NetworkStream stream = new(client!, ownsSocket: true);
            await WriteAsync(stream, $"echo round {round}\r");
            client!.Shutdown(SocketShutdown.Send);
            await ReadUntilAsync(stream, $"\r\nround {round}{Prompt}");
        }
    }

    [Test]
    public async Task What_a_guest_says_as_it_shuts_down_arrives_before_the_end()
    {
        await using NamedPipeClientStream line = await ConnectAsync(1);
        await WriteAsync(line, "echo last words\rshutdown\r");
        StringBuilder text = new();
        byte[] buffer = new byte[4096];
        for (int count = -1; count != 0;)
        {
            count = await Wait.UntilAsync(ReadOrEndAsync(line, buffer), "the end of the line");
            text.Append(Encoding.ASCII.GetString(buffer, 0, count));
        }

        Assert.That(
            text.ToString(),
            Does.EndWith("last words" + Prompt + "shutdown\r\nguest> ").Or.EndWith("last words" + Prompt + "shutdown\r\n"));
    }

    [Test]
    public async Task A_line_goes_on_after_a_reset()
    {
        await using NamedPipeClientStream line = await ConnectAsync(1);
        for (int boot = 0; boot < 3; boot++)
        {
            await WriteAsync(line, $"echo boot {boot}\r");
            await ReadUntilAsync(line, $"\r\nboot {boot}{Prompt}");
            await SucceedAsync(machine.Reset());
            await ReadUntilAsync(line, "Type help and press Enter.");
        }
    }

    private static async Task<int> ReadOrEndAsync(Stream stream, byte[] buffer)
    {
        try
        {
            return await stream.ReadAsync(buffer);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static Task WriteAsync(Stream line, string text) => line.WriteAsync(Encoding.ASCII.GetBytes(text)).AsTask();

    private static async Task<byte[]> ReadAsync(Stream line, int length)
    {
        byte[] data = new byte[length];
        await Wait.UntilAsync(line.ReadExactlyAsync(data).AsTask(), $"{length} bytes", TimeSpan.FromSeconds(60));
        return data;
    }

    private static async Task<string> ReadUntilAsync(Stream line, string end)
    {
        StringBuilder text = new();
        byte[] one = new byte[1];
        while (!text.ToString().EndsWith(end, StringComparison.Ordinal))
        {
            int count = await Wait.UntilAsync(line.ReadAsync(one).AsTask(), $"'{end}' after '{text}'");
            Assert.That(count, Is.EqualTo(1), $"the line ended after '{text}'");
            text.Append((char)one[0]);
        }

        return text.ToString();
    }

    private static string Hash(byte[] data) => Convert.ToHexStringLower(SHA256.HashData(data));

    private static async Task SucceedAsync(MachineTask task)
    {
        await Wait.UntilAsync(task.Completion, task.Description);
        Assert.That(task.Error?.ToString(), Is.Null, task.Description);
    }

    private Socket? TryConnect()
    {
        Socket client = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            client.Connect(new UnixDomainSocketEndPoint(Path.Combine(Path.GetTempPath(), $"CoreFxPipe_{pipe}-1")));
            return client;
        }
        catch (SocketException)
        {
            client.Dispose();
            return null;
        }
    }

    /// <summary>Opens a line and waits until its guest is at the prompt.</summary>
    private async Task<NamedPipeClientStream> ConnectAsync(int port)
    {
        NamedPipeClientStream line = new(".", $"{pipe}-{port}", PipeDirection.InOut, PipeOptions.Asynchronous);
        await line.ConnectAsync(5000);
        await WriteAsync(line, "echo ready\r");
        await ReadUntilAsync(line, "\r\nready" + Prompt);
        return line;
    }
}

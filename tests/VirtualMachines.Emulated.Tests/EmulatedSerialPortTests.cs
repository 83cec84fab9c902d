using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines.Emulated.Board;
using VpcComApi.VirtualMachines.Emulated.Devices;

namespace VpcComApi.VirtualMachines.Emulated.Tests;

/// <summary>A serial port between a machine and its guests, of which the next one boots at any moment.</summary>
[TestFixture]
internal sealed class EmulatedSerialPortTests
{
    private readonly SemaphoreSlim machine = new(1);
    private readonly List<BoardInput> taken = [];
    private readonly List<string> broken = [];
    private TaskCompletionSource sending = new();
    private EmulatedSerialPort port = null!;

    [SetUp]
    public void Make_a_port()
    {
        taken.Clear();
        broken.Clear();
        sending = new();
        port = new EmulatedSerialPort(0, SendAsync, broken.Add);
    }

    [OneTimeTearDown]
    public void End() => machine.Dispose();

    [Test]
    public async Task What_waits_while_a_guest_reboots_goes_to_the_next_one_when_that_listens()
    {
        port.TakeReady();
        await machine.WaitAsync();
        Task writing = port.WriteAsync("text"u8.ToArray(), CancellationToken.None).AsTask();
        await Wait.UntilAsync(sending.Task, "the message to be sent");

        port.Reset();
        sending = new();
        machine.Release();
        Assert.That(() => machine.CurrentCount, Is.EqualTo(1).After(5000, 10), "the message is decided about");
        Assert.That(taken, Is.Empty, "the next guest does not listen yet");
        Assert.That(writing.IsCompleted, Is.False);

        port.TakeReady();
        await Wait.UntilAsync(writing, "the message");
        Assert.That(taken.Select(message => message.Serial!.Data), Is.EqualTo(new[] { "text"u8.ToArray() }));
    }

    [Test]
    public async Task A_write_that_is_given_up_in_a_reboot_does_not_make_the_next_guest_ready()
    {
        port.TakeReady();
        await machine.WaitAsync();
        using CancellationTokenSource stop = new();
        Task writing = port.WriteAsync("given up"u8.ToArray(), stop.Token).AsTask();
        await Wait.UntilAsync(sending.Task, "the message to be sent");
        port.Reset();
        await stop.CancelAsync();
        Assert.That(async () => await Wait.UntilAsync(writing, "the write"), Throws.InstanceOf<OperationCanceledException>());
        machine.Release();

        Task next = port.WriteAsync("next"u8.ToArray(), CancellationToken.None).AsTask();
        Assert.That(next.IsCompleted, Is.False, "the next guest has not reported that it is ready");

        port.TakeReady();
        await Wait.UntilAsync(next, "the message");
        Assert.That(taken.Select(message => message.Serial!.Data), Is.EqualTo(new[] { "next"u8.ToArray() }));
    }

    [Test]
    public async Task What_a_guest_sends_against_the_protocol_is_lost_and_reported_once()
    {
        port.Receive([1]);
        port.Receive([2]);
        Assert.That(broken, Is.Empty);

        port.Receive([3]);
        port.Receive([4]);
        port.Receive(new byte[BoardSerial.MaxLength + 1]);

        Assert.That(broken, Is.EqualTo(["it sends without being asked"]));
        byte[] buffer = new byte[8];
        Assert.That(await port.ReadAsync(buffer, CancellationToken.None), Is.EqualTo(1));
        Assert.That(await port.ReadAsync(buffer, CancellationToken.None), Is.EqualTo(1));
        Assert.That(buffer[0], Is.EqualTo(2));
    }

    /// <summary>The machine: one at a time, and a reboot has it, too.</summary>
    private async Task SendAsync(BoardInput message, Func<bool> isMeant, CancellationToken cancellationToken)
    {
        sending.TrySetResult();
        await machine.WaitAsync(cancellationToken);
        try
        {
            if (!isMeant())
            {
                throw new VirtualMachineException(VirtualMachineError.MachineNotRunning, "Another guest has booted.");
            }

            taken.Add(message);
        }
        finally
        {
            machine.Release();
        }
    }
}

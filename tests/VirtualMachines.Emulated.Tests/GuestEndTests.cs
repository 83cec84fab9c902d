using System.IO.Pipes;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using VpcComApi.ProviderConformance;
using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines.Machines;
using VpcComApi.VirtualMachines.Peripherals;
using VpcComApi.VirtualMachines.Tasks;

namespace VpcComApi.VirtualMachines.Emulated.Tests;

/// <summary>
/// Two requests that end a guest, or its users' sessions, one at once after the other: each task has its documented result in each order.
/// </summary>
[NonParallelizable]
[CancelAfter(120_000)]
internal sealed class GuestEndTests
{
    private const string Restart = nameof(Restart);
    private const string Shutdown = nameof(Shutdown);
    private const string Logoff = nameof(Logoff);

    private readonly string pipe = "guest-end-" + Guid.NewGuid().ToString("N");
    private MachineTestEnvironment environment = null!;
    private TestDirectory folder = null!;
    private VirtualMachineHost host = null!;
    private VirtualMachine machine = null!;

    [SetUp]
    public void Open_the_host()
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
        machine.SerialPorts[0].Configure(SerialPortType.NamedPipe, @"\\.\pipe\" + pipe, connectImmediately: false);
    }

    [TearDown]
    public async Task End()
    {
        await host.DisposeAsync();
        await environment.AssertNothingLeftAsync();
        environment.Dispose();
        folder.Dispose();
    }

    [TestCase(Restart, Restart, VirtualMachineError.ShutdownInProgress, MachineState.Running)]
    [TestCase(Restart, Shutdown, VirtualMachineError.ShutdownInProgress, MachineState.Running)]
    [TestCase(Restart, Logoff, VirtualMachineError.NobodyLoggedOn, MachineState.Running)]
    [TestCase(Shutdown, Restart, VirtualMachineError.ShutdownInProgress, MachineState.TurnedOff)]
    [TestCase(Shutdown, Shutdown, VirtualMachineError.ShutdownInProgress, MachineState.TurnedOff)]
    [TestCase(Shutdown, Logoff, VirtualMachineError.NobodyLoggedOn, MachineState.TurnedOff)]
    [TestCase(Logoff, Restart, null, MachineState.Running)]
    [TestCase(Logoff, Shutdown, null, MachineState.TurnedOff)]
    [TestCase(Logoff, Logoff, VirtualMachineError.NobodyLoggedOn, MachineState.Running)]
    public async Task The_second_follows_at_once(string first, string second, VirtualMachineError? secondError, MachineState after)
    {
        for (int round = 0; round < 5; round++)
        {
            await StartWithUserAsync();

            MachineTask firstTask = Begin(first);
            MachineTask secondTask = Begin(second);

            Assert.That(await ErrorOfAsync(firstTask), Is.Null, first);
            Assert.That(await ErrorOfAsync(secondTask), Is.EqualTo(secondError), second);
            Assert.That(machine.State, Is.EqualTo(after));
        }
    }

    [TestCase(Restart, Restart, VirtualMachineError.ShutdownInProgress, MachineState.Running)]
    [TestCase(Restart, Shutdown, VirtualMachineError.ShutdownInProgress, MachineState.Running)]
    [TestCase(Restart, Logoff, VirtualMachineError.NobodyLoggedOn, MachineState.Running)]
    [TestCase(Logoff, Restart, null, MachineState.Running)]
    [TestCase(Logoff, Shutdown, null, MachineState.TurnedOff)]
    [TestCase(Logoff, Logoff, VirtualMachineError.NobodyLoggedOn, MachineState.Running)]
    public async Task The_second_follows_the_first_task_s_end(
        string first, string second, VirtualMachineError? secondError, MachineState after)
    {
        for (int round = 0; round < 5; round++)
        {
            await StartWithUserAsync();

            Assert.That(await ErrorOfAsync(Begin(first)), Is.Null, first);
            Assert.That(await ErrorOfAsync(Begin(second)), Is.EqualTo(secondError), second);
            Assert.That(machine.State, Is.EqualTo(after));
        }
    }

    [Test]
    public async Task A_guest_that_is_up_again_can_be_shut_down()
    {
        await StartWithUserAsync();
        await ErrorOfAsync(Begin(Restart));
        await Wait.UntilAsync(() => machine.GuestOS.CanShutdown == true, "the guest to be up again");

        Assert.That(await ErrorOfAsync(Begin(Shutdown)), Is.Null);
        Assert.That(machine.State, Is.EqualTo(MachineState.TurnedOff));
        Assert.That(
            () => Begin(Restart),
            Throws.InstanceOf<VirtualMachineException>().With.Property("Error").EqualTo(VirtualMachineError.MachineNotRunning));
    }

    [Test]
    public async Task A_guest_that_refused_can_be_asked_again()
    {
        await StartWithUserAsync();
        await TypeAsync("lock");

        Assert.That(await ErrorOfAsync(Begin(Restart)), Is.EqualTo(VirtualMachineError.GuestLocked));
        Assert.That(await ErrorOfAsync(machine.GuestOS.Shutdown(forced: true)), Is.Null);
    }

    private static async Task<VirtualMachineError?> ErrorOfAsync(MachineTask task)
    {
        await Wait.UntilAsync(task.Completion, task.Description);
        return task.Error is VirtualMachineException error ? error.Error : null;
    }

    private MachineTask Begin(string what) => what switch
    {
        Restart => machine.GuestOS.Restart(forced: false),
        Shutdown => machine.GuestOS.Shutdown(forced: false),
        _ => machine.GuestOS.Logoff(),
    };

    /// <summary>Starts the machine when it is off, and logs a user on.</summary>
    private async Task StartWithUserAsync()
    {
        if (machine.State == MachineState.TurnedOff)
        {
            Assert.That(await ErrorOfAsync(machine.Startup(StartupOption.Normal)), Is.Null);
        }

        await Wait.UntilAsync(async () => machine.GuestOS.CanShutdown == true && await TypeAsync("logon desktop"), "a user");
        await Wait.UntilAsync(machine.WaitForChannelReadyAsync(CancellationToken.None), "the guest service");
    }

    /// <summary>Types a command at the guest's prompt on COM1 and waits for the next prompt.</summary>
    private async Task<bool> TypeAsync(string command)
    {
        await using NamedPipeClientStream line = new(".", pipe, PipeDirection.InOut, PipeOptions.Asynchronous);
        await line.ConnectAsync(5000);
        await line.WriteAsync(Encoding.ASCII.GetBytes(command + "\r"));
        StringBuilder text = new();
        byte[] buffer = new byte[4096];
        while (!text.ToString().Contains($"{command}\r\n", StringComparison.Ordinal)
            || !text.ToString().EndsWith("guest> ", StringComparison.Ordinal))
        {
            int count = await Wait.UntilAsync(line.ReadAsync(buffer).AsTask(), $"the answer to {command} after '{text}'");
            text.Append(Encoding.ASCII.GetString(buffer, 0, count));
        }

        return true;
    }
}

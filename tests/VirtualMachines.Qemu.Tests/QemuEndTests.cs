using System.Diagnostics;
using Microsoft.Extensions.Logging;
using VpcComApi.ProviderConformance;
using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.VirtualMachines.Qemu.Tests;

/// <summary>A machine that has ended reports that, also when its resources could not be released.</summary>
[NonParallelizable]
[CancelAfter(60_000)]
internal sealed class QemuEndTests
{
    private const int NameLength = 200;
    private const int NamesInHalf = 13;

    private MachineTestEnvironment environment = null!;
    private TestDirectory folder = null!;

    [SetUp]
    public void SetUp()
    {
        ToolRequirement.Require(GuestImage.Qemu);
        environment = new MachineTestEnvironment();
        folder = new TestDirectory();
    }

    [TearDown]
    public async Task TearDown()
    {
        await environment.AssertNothingLeftAsync();
        environment.Dispose();
        folder.Dispose();
    }

    [Test]
    public async Task The_end_of_a_machine_is_reported_when_its_folder_cannot_be_deleted_and_the_log_fails()
    {
        using FailingLog log = new();
        await using QemuMachineProvider provider = new(new QemuMachineOptions { LoggerFactory = log });
        IRunningMachine machine = await Wait.UntilAsync(
            provider.StartAsync(Start(), new Progress<int>(), CancellationToken.None), "the machine to start");
        string sockets = environment.SocketFolders.Single();
        FillBeyondTheLongestPath(sockets);

        await Wait.UntilAsync(machine.TurnOffAsync(CancellationToken.None), "the machine to be off");

        Assert.That((await Wait.UntilAsync(machine.Ended, "the end")).Reason, Is.EqualTo(MachineEndReason.TurnedOff));
        Assert.That(log.HasFailed, Is.True);
        Assert.That(environment.Processes, Is.Empty);
        using Process removal = Process.Start("rm", ["-rf", "--", sockets]);
        await removal.WaitForExitAsync();
    }

    [Test]
    [Platform("Linux", Reason = "A process is stopped by a signal.")]
    public async Task A_machine_whose_save_hangs_can_be_turned_off()
    {
        TimeSpan afterTheTest = TimeSpan.FromMinutes(10);
        await using QemuMachineProvider provider = new(new QemuMachineOptions { CommandLimit = afterTheTest });
        IRunningMachine machine = await Wait.UntilAsync(
            provider.StartAsync(Start(), new Progress<int>(), CancellationToken.None), "the machine to start");
        ProgramResult stopped = await RunningProgram.RunAsync("kill", ["-STOP", $"{environment.Processes.Single()}"]);
        Assert.That(stopped.ExitCode, Is.Zero, stopped.ToString());
        Task saving = machine.SaveAsync(folder.PathOf("state.vsv"), new Progress<int>(), CancellationToken.None);

        await Wait.UntilAsync(machine.TurnOffAsync(CancellationToken.None), "the machine to be off");

        Assert.That((await machine.Ended).Reason, Is.EqualTo(MachineEndReason.TurnedOff));
        Assert.That(async () => await Wait.UntilAsync(saving, "the save to fail"), Throws.InstanceOf<VirtualMachineException>());
        Assert.That(Directory.EnumerateFileSystemEntries(folder.FullPath), Is.Empty);
    }

    private static MachineStart Start() => new()
    {
        MachineName = "Left over",
        ConfigurationId = Guid.NewGuid(),
        MemoryMegabytes = 64,
        Firmware = new FirmwareIdentity(Guid.NewGuid(), "bios", "board", "chassis", "tag"),
        Configuration = new NoValues(),
    };

    /// <summary>
    /// Folders in folders, whose innermost has a path that no call takes. Each half has one that calls take, and is moved into the other.
    /// </summary>
    private void FillBeyondTheLongestPath(string target)
    {
        string half = Path.Combine(Enumerable.Repeat(new string('x', NameLength), NamesInHalf).ToArray());
        string inner = Directory.CreateDirectory(Path.Combine(target, half)).FullName;
        Directory.CreateDirectory(Path.Combine(folder.PathOf("inner"), half));
        Directory.Move(folder.PathOf("inner"), Path.Combine(inner, "y"));
    }

    private sealed class FailingLog : ILoggerFactory, ILogger
    {
        public bool HasFailed { get; private set; }

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public void Dispose()
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (exception is not null)
            {
                HasFailed = true;
                TestContext.Out.WriteLine(exception.Message);
                throw new IOException("The log takes no entry.");
            }
        }
    }
}

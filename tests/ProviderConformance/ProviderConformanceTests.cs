using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines.Configuration;
using VpcComApi.VirtualMachines.Providers;
using VpcComApi.VpcBus.Integration;

namespace VpcComApi.ProviderConformance;

/// <summary>
/// The behaviour of the machines of every provider. A provider's tests derive from it and define how to create the provider, how to kill a
/// machine from outside, and where a program in the guest listens. docs/providers.md lists what it checks.
/// </summary>
[CancelAfter(120_000)]
public abstract partial class ProviderConformanceTests
{
    private const string AssetTag = "1234-5678-ABCD";

    private static readonly Guid ConfigurationId = Guid.NewGuid();

    /// <summary>Makes the provider.</summary>
    protected abstract IMachineProvider CreateProvider();

    /// <summary>Kills what makes the one machine execute, without asking the provider.</summary>
    protected abstract void KillMachineFromOutside();

    /// <summary>The port, in the guest, of a program that sends back what it receives.</summary>
    protected abstract int EchoPort { get; }

    /// <summary>The description of the end of a machine that was killed from outside: a regular expression.</summary>
    protected virtual string KilledDescription => "signal 9|exit code";

    /// <summary>Whether a program in the guest, such as a shell, answers lines on COM1 with text.</summary>
    protected virtual bool AnswersOnSerialPort => false;

    /// <summary>Fails when something of a machine that has ended is left: a process, a socket, a file.</summary>
    protected abstract Task AssertNothingLeftAsync();

    /// <summary>The provider's keys in the machine's configuration.</summary>
    protected virtual IReadOnlyValues Configuration => new NoValues();

    /// <summary>A description of the machine to start.</summary>
    protected MachineStart Start(string? savedStateFile = null) => new()
    {
        MachineName = "Conformance, \"quoted\" & more",
        ConfigurationId = ConfigurationId,
        MemoryMegabytes = 128,
        Firmware = new FirmwareIdentity(Guid.NewGuid(), "bios", "board", "chassis", AssetTag),
        Configuration = Configuration,
        SavedStateFile = savedStateFile,
    };

    /// <summary>Starts a machine.</summary>
    protected Task<IRunningMachine> StartAsync(string? savedStateFile = null) => Wait.UntilAsync(
        CreateProvider().StartAsync(Start(savedStateFile), new Progress<int>(), CancellationToken.None), "the machine to start");

    /// <summary>
    /// Starts a machine for a test of a guest that is up, not of the start itself. A provider whose guests boot slowly may
    /// take it out of a saved state.
    /// </summary>
    protected virtual Task<IRunningMachine> StartWithGuestAsync() => StartAsync();

    /// <summary>Skips a test that is about something that a machine need not have.</summary>
    private static void NeedsCapability(IRunningMachine machine, MachineCapabilities capability) =>
        Assume.That(machine.Capabilities & capability, Is.EqualTo(capability), "The provider's machines do without.");

    [TearDown]
    public Task NothingIsLeft() => AssertNothingLeftAsync();

    [Test]
    public async Task A_started_machine_boots_a_guest_that_says_what_it_is()
    {
        await using IRunningMachine machine = await StartAsync();
        await using GuestConnection guest = await GuestConnection.ConnectAsync(machine);

        Assert.That(guest.Facts.OSName, Is.Not.Empty);
        Assert.That(guest.Facts.OSPlatformId, Is.EqualTo("2"));
        Assert.That(guest.Facts.Can(IntegrationCapabilities.Shutdown), Is.True);
        Assert.That(machine.Ended.IsCompleted, Is.False);
    }

    [Test]
    public async Task The_guest_reads_its_machine_s_asset_tag_from_its_firmware()
    {
        await using IRunningMachine machine = await StartAsync();
        await using GuestConnection guest = await GuestConnection.ConnectAsync(machine);

        Response answer = await guest.AskAsync(id => Request.GetParameter(id, "ChassisAssetTag"));

        Assert.That(answer.Value, Is.EqualTo(AssetTag));
    }

    [Test]
    public async Task Progress_of_a_start_ends_at_100()
    {
        List<int> seen = [];
        await using IRunningMachine machine = await CreateProvider().StartAsync(
            Start(), new ImmediateProgress(seen.Add), CancellationToken.None);

        Assert.That(seen, Is.Ordered.And.All.InRange(0, 100));
        Assert.That(seen, Does.Contain(100));
    }

    [Test]
    public void A_start_that_is_given_up_leaves_nothing()
    {
        using CancellationTokenSource cancelled = new();
        cancelled.Cancel();

        Assert.That(
            async () => await CreateProvider().StartAsync(Start(), new Progress<int>(), cancelled.Token),
            Throws.InstanceOf<OperationCanceledException>());
    }

    /// <summary>Reports on the thread of the caller, and not later on another one.</summary>
    private sealed class ImmediateProgress(Action<int> report) : IProgress<int>
    {
        public void Report(int value) => report(value);
    }
}

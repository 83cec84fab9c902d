using Microsoft.Extensions.Time.Testing;
using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines.Providers;
using VpcComApi.VirtualMachines.Usage;

namespace VpcComApi.VirtualMachines.Tests.Usage;

/// <summary>What a machine uses of the host, second by second.</summary>
[TestFixture]
internal sealed class UsageRecorderTests
{
    private readonly FakeTimeProvider time = new();
    private readonly ScriptedMeter meter = new();
    private (long ToGuest, long ToHost) carried;
    private UsageRecorder recorder = null!;

    [SetUp]
    public async Task Begin()
    {
        meter.Usage = new MachineUsage(TimeSpan.Zero, 0, 0);
        meter.Fails = false;
        carried = (0, 0);
        int before = meter.Asked;
        recorder = new UsageRecorder(meter, () => carried, time);
        await Wait.UntilAsync(() => meter.Asked > before, "the first measurement");
    }

    [TearDown]
    public async Task End()
    {
        recorder.Stop();
        await Wait.UntilAsync(recorder.Measuring, "the recorder to end");
    }

    [Test]
    public async Task The_processor_s_use_is_kept_for_sixty_seconds_the_last_one_last()
    {
        await MeasureAsync(processorMilliseconds: 250);
        await Wait.UntilAsync(() => recorder.ProcessorPercent == 25, "a quarter");
        await MeasureAsync(processorMilliseconds: 3000);
        await Wait.UntilAsync(() => recorder.ProcessorPercent == 100, "more than all of one processor is all of it");

        byte[] history = recorder.CopyHistory();
        Assert.That(history, Has.Length.EqualTo(60));
        Assert.That(history[^3..], Is.EqualTo(new byte[] { 0, 25, 100 }));
        Assert.That(history[..^2], Is.All.Zero);
        Assert.That(recorder.UpTime, Is.EqualTo(TimeSpan.FromSeconds(2)));
    }

    [Test]
    public async Task Counters_that_cannot_be_read_for_once_lose_nothing()
    {
        meter.Fails = true;
        await MeasureAsync(processorMilliseconds: 100);
        meter.Fails = false;
        await MeasureAsync(processorMilliseconds: 1000);

        await Wait.UntilAsync(() => recorder.ProcessorPercent == 55, "1.1 seconds of work in two");
    }

    [Test]
    public async Task Disk_and_network_count_from_the_start_and_again_from_a_reset()
    {
        meter.Usage = new MachineUsage(TimeSpan.Zero, 100, 200) { NetworkBytesReceived = 10, NetworkBytesSent = 20 };
        await MeasureAsync(processorMilliseconds: 0);
        await Wait.UntilAsync(() => recorder.Disk == (100, 200), "the first counters");
        Assert.That(recorder.Network, Is.EqualTo((10, 20)));

        recorder.Restart();
        Assert.That(recorder.Disk, Is.EqualTo((0, 0)));
        Assert.That(recorder.UpTime, Is.EqualTo(TimeSpan.Zero));

        meter.Usage = meter.Usage with { DiskBytesRead = 150, NetworkBytesSent = 25 };
        await MeasureAsync(processorMilliseconds: 0);
        await Wait.UntilAsync(() => recorder.Disk == (50, 0), "the counters since the reset");
        Assert.That(recorder.Network, Is.EqualTo((0, 5)));

        meter.Usage = new MachineUsage(TimeSpan.Zero, 7, 8) { Generation = 1 };
        await MeasureAsync(processorMilliseconds: 0);
        await Wait.UntilAsync(() => recorder.Disk == (7, 8), "counters that have started over");
    }

    [Test]
    public void Without_a_network_card_the_channels_are_the_traffic()
    {
        carried = (1000, 3000);
        Assert.That(recorder.Network, Is.EqualTo((1000, 3000)));

        recorder.Restart();
        carried = (1001, 3003);
        Assert.That(recorder.Network, Is.EqualTo((1, 3)));
    }

    [Test]
    public async Task Nothing_is_asked_for_when_the_machine_has_ended()
    {
        recorder.Stop();
        await Wait.UntilAsync(recorder.Measuring, "the recorder to end");
        int asked = meter.Asked;

        time.Advance(TimeSpan.FromSeconds(5));

        Assert.That(meter.Asked, Is.EqualTo(asked));
    }

    [Test]
    public async Task A_machine_that_is_off_has_no_figures_and_one_that_runs_has()
    {
        await using HostFixture fixture = new();
        MachineAccountant accountant = fixture.Machine.Accountant;
        Assert.That(accountant.ProcessorPercent, Is.Null);
        Assert.That(accountant.ProcessorHistory, Is.Null);
        Assert.That(accountant.DiskBytesRead, Is.Null);
        Assert.That(accountant.NetworkBytesSent, Is.Null);
        Assert.That(accountant.UpTime, Is.Null);

        await fixture.StartAsync();

        Assert.That(accountant.ProcessorPercent, Is.Zero);
        Assert.That(accountant.ProcessorHistory, Has.Count.EqualTo(60));
        Assert.That(accountant.UpTime, Is.Not.Null);
        Assert.That(fixture.Machine.Accountant, Is.SameAs(accountant));
    }

    /// <summary>Lets a second pass and waits until the meter was asked.</summary>
    private async Task MeasureAsync(int processorMilliseconds)
    {
        meter.Usage = meter.Usage with { ProcessorTime = meter.Usage.ProcessorTime + TimeSpan.FromMilliseconds(processorMilliseconds) };
        int before = meter.Asked;
        time.Advance(TimeSpan.FromSeconds(1));
        await Wait.UntilAsync(() => meter.Asked > before, "a measurement");
    }
}

using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Time.Testing;
using VpcComApi.VirtualMachines.Configuration;
using VpcComApi.VirtualMachines.Guests;

namespace VpcComApi.VirtualMachines.Tests.Guests;

[TestFixture]
internal sealed class HeartbeatMonitorTests
{
    private static readonly TimeSpan Block = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(6);

    private FakeTimeProvider clock = null!;
    private HeartbeatMonitor monitor = null!;
    private int stops;
    private int questions;

    [SetUp]
    public void Make_a_monitor()
    {
        stops = 0;
        questions = 0;
        clock = new FakeTimeProvider();
        monitor = new HeartbeatMonitor(HeartbeatPlan.Read(new Values()), clock, () => stops++, () => questions++);
    }

    [TearDown]
    public void Dispose_the_monitor() => monitor.Dispose();

    [Test]
    public void The_plan_has_the_documented_defaults()
    {
        HeartbeatPlan plan = HeartbeatPlan.Read(new Values());

        Assert.That(plan.Block, Is.EqualTo(Block));
        Assert.That(plan.Interval, Is.EqualTo(Interval));
        Assert.That(plan.FailureInterval, Is.EqualTo(TimeSpan.FromSeconds(10)));
        Assert.That(plan.FailureAttempts, Is.EqualTo(12));
    }

    [Test]
    public void The_plan_follows_the_machines_configuration()
    {
        HeartbeatPlan plan = HeartbeatPlan.Read(new Values(("time", 30), ("rate", 15), ("failure_interval", 5), ("failure_attempts", 3)));

        Assert.That(plan.Block, Is.EqualTo(TimeSpan.FromSeconds(30)));
        Assert.That(plan.Interval, Is.EqualTo(TimeSpan.FromSeconds(2)));
        Assert.That(plan.FailureInterval, Is.EqualTo(TimeSpan.FromSeconds(5)));
        Assert.That(plan.FailureAttempts, Is.EqualTo(3));
    }

    [Test]
    public void Values_out_of_range_or_of_another_type_are_no_plan()
    {
        HeartbeatPlan plan = HeartbeatPlan.Read(
            new Values(("time", 0), ("rate", int.MaxValue), ("failure_interval", -1), ("failure_attempts", "many")));

        Assert.That(plan.Block, Is.EqualTo(TimeSpan.FromSeconds(1)));
        Assert.That(plan.Interval, Is.EqualTo(TimeSpan.FromMilliseconds(100)));
        Assert.That(plan.FailureInterval, Is.EqualTo(TimeSpan.FromSeconds(1)));
        Assert.That(plan.FailureAttempts, Is.EqualTo(12));
    }

    [Test]
    public void A_guest_that_was_never_up_does_not_beat()
    {
        clock.Advance(Block * 3);

        Assert.That(monitor.IsBeating, Is.False);
        Assert.That(monitor.Percentage, Is.Zero);
        Assert.That(stops, Is.Zero);
    }

    [Test]
    public void A_guest_that_has_just_connected_is_not_overdue()
    {
        monitor.Listen();

        Assert.That(monitor.IsBeating, Is.True);
        Assert.That(monitor.Percentage, Is.EqualTo(100));
    }

    [Test]
    public void The_percentage_is_that_of_the_ticks_expected_in_the_last_minute()
    {
        monitor.Listen();
        Beat(10);
        Assert.That(monitor.Percentage, Is.EqualTo(100));

        clock.Advance(Interval * 5);
        Assert.That(monitor.Percentage, Is.EqualTo(50));

        clock.Advance(Interval * 4);
        Assert.That(monitor.Percentage, Is.EqualTo(10));
    }

    [Test]
    public void More_ticks_than_expected_are_no_more_than_all_of_them()
    {
        monitor.Listen();
        clock.Advance(Interval);
        for (int i = 0; i < 10_000; i++)
        {
            monitor.Tick();
        }

        Assert.That(monitor.Percentage, Is.EqualTo(100));
    }

    [Test]
    public void A_whole_block_without_heartbeats_is_reported_once()
    {
        monitor.Listen();
        Beat(1);

        clock.Advance(Block - TimeSpan.FromSeconds(1));
        Assert.That(stops, Is.Zero);
        Assert.That(monitor.IsBeating, Is.True);

        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.That(stops, Is.EqualTo(1));
        Assert.That(monitor.IsBeating, Is.False);

        clock.Advance(Block * 10);
        Assert.That(stops, Is.EqualTo(1));
    }

    [Test]
    public void A_guest_that_has_stopped_is_asked_again_every_ten_seconds_and_twelve_times_at_most()
    {
        monitor.Listen();
        clock.Advance(Block);
        Assert.That(questions, Is.Zero);

        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.That(questions, Is.EqualTo(1));

        Advance(TimeSpan.FromMinutes(10));
        Assert.That(questions, Is.EqualTo(12));
        Assert.That(stops, Is.EqualTo(1));
    }

    [Test]
    public void A_guest_that_beats_again_is_beating_and_can_stop_again()
    {
        monitor.Listen();
        clock.Advance(Block);
        monitor.Tick();
        Assert.That(monitor.IsBeating, Is.True);

        clock.Advance(Block);
        Assert.That(stops, Is.EqualTo(2));
    }

    [Test]
    public void Paused_time_is_neither_silence_nor_part_of_the_minute()
    {
        monitor.Listen();
        Beat(10);

        monitor.Pause();
        clock.Advance(TimeSpan.FromHours(1));
        Assert.That(stops, Is.Zero);
        Assert.That(monitor.Percentage, Is.EqualTo(100));
        Assert.That(monitor.IsBeating, Is.True);

        monitor.Resume();
        clock.Advance(Block - TimeSpan.FromSeconds(1));
        Assert.That(stops, Is.Zero);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.That(stops, Is.EqualTo(1));
    }

    [Test]
    public void A_guest_that_goes_is_not_missed()
    {
        monitor.Listen();
        monitor.Forget();

        clock.Advance(Block * 3);
        monitor.Tick();

        Assert.That(stops, Is.Zero);
        Assert.That(monitor.IsBeating, Is.False);
    }

    private void Beat(int times)
    {
        for (int i = 0; i < times; i++)
        {
            clock.Advance(Interval);
            monitor.Tick();
        }
    }

    private void Advance(TimeSpan span)
    {
        for (TimeSpan passed = TimeSpan.Zero; passed < span; passed += TimeSpan.FromSeconds(1))
        {
            clock.Advance(TimeSpan.FromSeconds(1));
        }
    }

    private sealed class Values(params (string Key, object Value)[] values) : IReadOnlyValues
    {
        public bool TryGetValue(string key, [NotNullWhen(true)] out object? value)
        {
            value = values.FirstOrDefault(entry => "integration/microsoft/heartbeat/" + entry.Key == key).Value;
            return value is not null;
        }
    }
}

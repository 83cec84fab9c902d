using System.Runtime.Versioning;
using Microsoft.Extensions.Logging.Abstractions;
using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines.Channels;

namespace VpcComApi.VirtualMachines.Tests.Channels;

/// <summary>The named event itself is tried where there are named events: on Windows, or by WindowsTestHost under Wine.</summary>
[TestFixture]
internal sealed class ReadyEventTests
{
    [Test]
    public void The_name_is_the_one_that_the_articles_wait_routine_builds() =>
        Assert.That(ReadyEvent.NameOf("1234-5678"), Is.EqualTo(@"Local\1234-5678_ChannelReady"));

    [Test]
    public void It_begins_reset_and_follows_set_and_reset()
    {
        using IReadyEvent ready = Create("vpc-test-" + Guid.NewGuid());
        Assert.That(ready.IsSet, Is.False);

        ready.Set();
        Assert.That(ready.IsSet, Is.True);

        ready.Reset();
        Assert.That(ready.IsSet, Is.False);
    }

    [Test]
    public void Disposing_resets_it()
    {
        IReadyEvent ready = Create("vpc-test-" + Guid.NewGuid());
        ready.Set();

        ready.Dispose();

        Assert.That(ready.IsSet, Is.False);
    }

    [Test]
    [Platform("Win"), SupportedOSPlatform("windows")]
    public void A_client_that_creates_the_event_first_is_woken()
    {
        string tag = "vpc-test-" + Guid.NewGuid();
        using EventWaitHandle client = new(initialState: false, EventResetMode.ManualReset, ReadyEvent.NameOf(tag));
        using IReadyEvent ready = Create(tag);
        Assert.That(client.WaitOne(TimeSpan.Zero), Is.False);

        ready.Set();

        Assert.That(client.WaitOne(Wait.DefaultLimit), Is.True);
        Assert.That(client.WaitOne(Wait.DefaultLimit), Is.True, "The event resets by hand.");
        ready.Reset();
        Assert.That(client.WaitOne(TimeSpan.Zero), Is.False);
    }

    [Test]
    [Platform("Win"), SupportedOSPlatform("windows")]
    public void A_client_that_comes_later_finds_the_event_set_and_after_the_machine_reset()
    {
        string tag = "vpc-test-" + Guid.NewGuid();
        IReadyEvent ready = Create(tag);
        ready.Set();
        using EventWaitHandle client = new(initialState: false, EventResetMode.ManualReset, ReadyEvent.NameOf(tag), out bool createdNew);

        Assert.That(createdNew, Is.False);
        Assert.That(client.WaitOne(TimeSpan.Zero), Is.True);

        ready.Dispose();
        Assert.That(client.WaitOne(TimeSpan.Zero), Is.False);
    }

    [Test]
    [Platform("Win"), SupportedOSPlatform("windows")]
    public void An_event_left_set_by_a_client_is_reset()
    {
        string tag = "vpc-test-" + Guid.NewGuid();
        using EventWaitHandle client = new(initialState: true, EventResetMode.ManualReset, ReadyEvent.NameOf(tag));

        using IReadyEvent ready = Create(tag);

        Assert.That(client.WaitOne(TimeSpan.Zero), Is.False);
    }

    [Test]
    [Platform("Win"), SupportedOSPlatform("windows")]
    public void A_tag_that_is_no_name_costs_the_event_and_not_the_machine()
    {
        LogRecorder log = new();

        using IReadyEvent ready = ReadyEvent.Create(@"no\name", "XP", log);
        ready.Set();

        Assert.That(ready.IsSet, Is.True);
        Assert.That(log.Entries.Single().Id, Is.EqualTo(ChannelEventIds.ReadyEventUnavailable));
    }

    private static IReadyEvent Create(string tag) => ReadyEvent.Create(tag, "XP", NullLogger.Instance);
}

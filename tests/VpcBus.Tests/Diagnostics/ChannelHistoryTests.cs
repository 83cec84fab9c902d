using Microsoft.Extensions.Time.Testing;
using VpcComApi.VpcBus.Diagnostics;

namespace VpcComApi.VpcBus.Tests.Diagnostics;

/// <summary>What a channel pair remembers of its life.</summary>
[TestFixture]
internal sealed class ChannelHistoryTests
{
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 7, 21, 10, 15, 30, TimeSpan.Zero));

    [Test]
    public void It_is_described_in_one_line_with_times()
    {
        ChannelHistory history = new(clock);
        history.Note(ChannelEventKind.Offered);
        Pass(2);
        history.Note(ChannelEventKind.Accepted);
        Pass(10);
        history.Note(ChannelEventKind.SendingStalled);
        Pass(30);
        history.Note(ChannelEventKind.SendingStalled);
        history.Note(ChannelEventKind.ResetByPeer, "The program\r\nwas killed.");

        Assert.That(ChannelEvent.Describe(history.ToList()), Is.EqualTo(
            "10:15:30.000 offered; +0.002 s accepted; +0.012 s sending stalled (2 times, last +0.042 s); "
            + "+0.042 s reset by the other side: The program  was killed."));
    }

    [Test]
    public void Stalls_of_both_directions_in_turn_are_counted_and_push_nothing_out()
    {
        ChannelHistory history = new(clock);
        history.Note(ChannelEventKind.Accepted);
        for (int i = 0; i < 1000; i++)
        {
            history.Note(ChannelEventKind.SendingStalled);
            history.Note(ChannelEventKind.ReceivingStalled);
        }

        Assert.That(history.ToList().Select(happened => (happened.Kind, happened.Count)), Is.EqualTo(new[]
        {
            (ChannelEventKind.Accepted, 1), (ChannelEventKind.SendingStalled, 1000), (ChannelEventKind.ReceivingStalled, 1000),
        }));
    }

    [Test]
    public void The_oldest_events_give_way()
    {
        ChannelHistory history = new(clock);
        history.Note(ChannelEventKind.Offered);
        for (int i = 0; i < ChannelHistory.Capacity; i++)
        {
            history.Note(ChannelEventKind.FirstByteSent);
        }

        Assert.That(history.ToList(), Has.Count.EqualTo(ChannelHistory.Capacity));
        Assert.That(history.ToList().Select(happened => happened.Kind), Has.None.EqualTo(ChannelEventKind.Offered));
    }

    [Test]
    public void A_long_reason_is_cut()
    {
        ChannelHistory history = new(clock);
        history.Note(ChannelEventKind.Reset, new string('x', 10_000));

        Assert.That(history.ToList().Single().Detail, Has.Length.EqualTo(256));
    }

    private void Pass(int milliseconds) => clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
}

using VpcComApi.VpcBus.Linux;
using VpcComApi.VpcBus.Rings;
using VpcComApi.VpcBus.Tests.Links;

namespace VpcComApi.VpcBus.Tests.Rings;

/// <summary>
/// A ring whose slot was assigned to another pair before its relay had its last turn: on a busy machine, the host is
/// faster than the guest's loop.
/// </summary>
[TestFixture]
[Platform("Linux")]
[CancelAfter(60_000)]
internal sealed class RingEndTests
{
    private const int Sent = 10_000;

    [TestCase(Sent, true)]
    [TestCase(Sent - 1, false)]
    public async Task A_released_ring_is_at_its_end_if_every_byte_was_read(int read, bool isAtEnd)
    {
        await using BusPair bus = await BusPair.ConnectAsync(await SocketLinks.CreateUnixAsync());
        (BusChannelPair host, BusChannelPair guest) = await bus.OpenAsync();
        RingPair rings = guest.Rings()!;
        Assert.That(rings.TryHandOver(new RelayWithoutTurns()), Is.True);
        RingConsumer ring = rings.Consumer;
        await host.SendAsync(new byte[Sent]);
        await host.EndAsync();
        await BusAssert.UntilAsync(() => guest.Events.Any(happened => happened.Kind == ChannelEventKind.ReceivingEnded));

        lock (ring.Gate)
        {
            Assert.That(ring.TryGetBytes(out ReadOnlySpan<byte> bytes), Is.True);
            Assert.That(bytes.Length, Is.EqualTo(Sent));
            ring.Advance(read);
            ring.GiveBack(read);
            ring.Close();

            Assert.That(ring.IsClosed, Is.True);
            Assert.That(ring.IsAtEnd, Is.EqualTo(isAtEnd));
        }
    }

    /// <summary>A relay that did not get its turn yet.</summary>
    private sealed class RelayWithoutTurns : LoopTask
    {
        internal override Turn Run(int budget) => new(0, HasMore: false);

        internal override void Fail(Exception failure)
        {
        }
    }
}

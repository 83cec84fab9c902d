using VpcComApi.VpcBus.Tests.Links;

namespace VpcComApi.VpcBus.Tests.Conformance;

/// <summary>A link that breaks at any byte ends everything with an error that says so, and nothing hangs.</summary>
[TestFixture]
[CancelAfter(30_000)]
internal sealed class CutLinkTests
{
    [Test]
    public async Task A_link_that_breaks_at_a_random_byte_ends_everything([Range(1, 25)] int seed)
    {
        var random = new Random(seed);
        LinkPair plain = DuplexPipeStream.CreateLink();
        await using var link = new LinkPair(new CutStream(plain.Host, random.Next(0, 400_000)), plain.Guest);

        await UseUntilItBreaksAsync(link, seed);
    }

    [Test]
    public async Task A_link_that_breaks_early_ends_everything([Range(0, 160, 4)] int bytesBeforeCut)
    {
        LinkPair plain = DuplexPipeStream.CreateLink();
        await using var link = new LinkPair(new CutStream(plain.Host, bytesBeforeCut), plain.Guest);

        await UseUntilItBreaksAsync(link, bytesBeforeCut);
    }

    private static async Task UseUntilItBreaksAsync(LinkPair link, int seed)
    {
        Task<BusConnection> hosting = BusConnection.EstablishAsync(link.Host, BusPair.Options(BusSide.Host));
        Task<BusConnection> visiting = BusConnection.EstablishAsync(link.Guest, BusPair.Options(BusSide.Guest));
        Task[] sides = [UseAsync(hosting, offers: true), UseAsync(visiting, offers: false)];
        await Task.WhenAll(sides).WaitAsync(BusPair.StepLimit);

        async Task UseAsync(Task<BusConnection> establishing, bool offers)
        {
            BusConnection bus;
            try
            {
                bus = await establishing;
            }
            catch (BusException failure)
            {
                Assert.That(failure.Error, Is.EqualTo(BusError.LinkLost));
                return;
            }

            try
            {
                while (true)
                {
                    BusChannelPair? pair = offers ? await bus.OfferAsync("cut")
                        : await bus.ReceiveOfferAsync() is { } offer ? await offer.AcceptAsync() : null;
                    if (pair is null)
                    {
                        break;
                    }

                    await Task.WhenAll(pair.SendRandomAsync(30_000, seed), pair.Input.ReceiveToEndAsync());
                }
            }
            catch (BusException failure)
            {
                Assert.That(failure.Error, Is.EqualTo(BusError.LinkLost));
            }

            await BusAssert.FailsAsync(bus.Completion, BusError.LinkLost);
            await bus.DisposeAsync();
        }
    }
}

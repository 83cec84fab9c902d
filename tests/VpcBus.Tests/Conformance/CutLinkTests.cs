using System.Buffers;
using System.IO.Pipelines;
using VpcComApi.VpcBus.Tests.Links;

namespace VpcComApi.VpcBus.Tests.Conformance;

/// <summary>
/// A link that breaks at any byte ends everything on both sides with LinkLost, and nothing hangs. What was received before is a beginning
/// of what was sent, byte for byte.
/// </summary>
[TestFixture]
[CancelAfter(30_000)]
internal sealed class CutLinkTests
{
    [Test]
    public async Task A_link_that_breaks_at_a_random_byte_ends_everything([Range(1, 25)] int seed)
    {
        Random random = new(seed);
        LinkPair plain = DuplexPipeStream.CreateLink();
        await using LinkPair link = new(new CutStream(plain.Host, random.Next(0, 400_000)), plain.Guest);

        await UseUntilItBreaksAsync(link, seed);
    }

    [Test]
    public async Task A_link_that_breaks_early_ends_everything([Range(0, 160, 4)] int bytesBeforeCut)
    {
        LinkPair plain = DuplexPipeStream.CreateLink();
        await using LinkPair link = new(new CutStream(plain.Host, bytesBeforeCut), plain.Guest);

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

                    await Task.WhenAll(SendAsync(pair.Output), ReceiveAsync(pair.Input));
                }
            }
            catch (BusException failure)
            {
                Assert.That(failure.Error, Is.EqualTo(BusError.LinkLost));
            }

            await BusAssert.FailsAsync(bus.Completion, BusError.LinkLost);
            await bus.DisposeAsync();
        }

        async Task SendAsync(PipeWriter output)
        {
            Random random = new(seed);
            for (int sent = 0; sent < 30_000;)
            {
                byte[] block = new byte[Math.Min(random.Next(1, 10_000), 30_000 - sent)];
                Pattern.Fill(seed, sent, block);
                await output.WriteAsync(block);
                sent += block.Length;
            }

            await output.CompleteAsync();
        }

        async Task ReceiveAsync(PipeReader input)
        {
            long received = 0;
            while (true)
            {
                ReadResult read = await input.ReadAsync();
                Assert.That(Pattern.Matches(seed, received, read.Buffer.ToArray()), Is.True, $"the bytes from {received} on");
                received += read.Buffer.Length;
                input.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                {
                    Assert.That(received, Is.EqualTo(30_000), "an end without an error is a whole");
                    return;
                }
            }
        }
    }
}

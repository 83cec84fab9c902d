using VpcComApi.VpcBus.Messages;
using VpcComApi.VpcBus.Tests.Links;

namespace VpcComApi.VpcBus.Tests.Messages;

[TestFixture]
[CancelAfter(30_000)]
internal sealed class MessageStreamTests
{
    [Test]
    public async Task Messages_keep_their_bounds()
    {
        await using BusPair bus = await BusPair.ConnectAsync(DuplexPipeStream.CreateLink());
        (BusChannelPair host, BusChannelPair guest) = await bus.OpenAsync();
        MessageStream sender = new(host);
        MessageStream receiver = new(guest);

        await sender.SendAsync(new byte[] { 1, 2, 3 });
        await sender.SendAsync(Array.Empty<byte>());
        await sender.SendAsync(new byte[60_000]);
        await sender.CompleteAsync();

        Assert.That(await receiver.ReceiveAsync(), Is.EqualTo(new byte[] { 1, 2, 3 }));
        Assert.That(await receiver.ReceiveAsync(), Is.Empty);
        Assert.That(await receiver.ReceiveAsync(), Has.Length.EqualTo(60_000));
        Assert.That(await receiver.ReceiveAsync(), Is.Null);
    }

    [Test]
    public async Task A_message_may_be_longer_than_the_window()
    {
        BusOptions options = new() { Side = BusSide.Guest, ComponentVersion = "small", Window = 4096 };
        await using BusPair bus = await BusPair.ConnectAsync(DuplexPipeStream.CreateLink(), guest: options);
        (BusChannelPair host, BusChannelPair guest) = await bus.OpenAsync();
        byte[] message = new byte[50_000];
        new Random(1).NextBytes(message);

        Task sending = new MessageStream(host).SendAsync(message).AsTask();

        Assert.That(await new MessageStream(guest).ReceiveAsync(), Is.EqualTo(message));
        await sending.WaitAsync(BusPair.StepLimit);
    }

    [Test]
    public async Task A_message_that_is_too_long_is_not_sent_and_not_taken()
    {
        await using BusPair bus = await BusPair.ConnectAsync(DuplexPipeStream.CreateLink());
        (BusChannelPair host, BusChannelPair guest) = await bus.OpenAsync();

        Assert.That(
            async () =>
                await new MessageStream(host, maxMessageLength: 10).SendAsync(new byte[11]), Throws.InstanceOf<ArgumentException>());

        await new MessageStream(host).SendAsync(new byte[11]);
        await BusAssert.FailsAsync(new MessageStream(guest, maxMessageLength: 10).ReceiveAsync().AsTask(), BusError.Corrupt);
        await BusAssert.FailsAsync(host.Completion, BusError.ChannelReset);
    }

    [TestCase(2)]
    [TestCase(6)]
    public async Task A_message_that_is_cut_off_is_corrupt(int length)
    {
        await using BusPair bus = await BusPair.ConnectAsync(DuplexPipeStream.CreateLink());
        (BusChannelPair host, BusChannelPair guest) = await bus.OpenAsync();

        await host.SendAsync(((byte[])[9, 0, 0, 0, 1, 2])[..length]);
        await host.EndAsync();

        await BusAssert.FailsAsync(new MessageStream(guest).ReceiveAsync().AsTask(), BusError.Corrupt);
    }

    [Test]
    public async Task Many_senders_do_not_mix_their_messages()
    {
        await using BusPair bus = await BusPair.ConnectAsync(DuplexPipeStream.CreateLink());
        (BusChannelPair host, BusChannelPair guest) = await bus.OpenAsync();
        MessageStream sender = new(host);
        MessageStream receiver = new(guest);
        Task[] senders = [.. Enumerable.Range(1, 8).Select(n => Task.Run(async () =>
        {
            for (int round = 0; round < 50; round++)
            {
                await sender.SendAsync(Enumerable.Repeat((byte)n, n * 100).ToArray());
            }
        }))];

        for (int n = 0; n < 8 * 50; n++)
        {
            byte[]? message = await receiver.ReceiveAsync().AsTask().WaitAsync(BusPair.StepLimit);
            Assert.That(message, Has.Length.EqualTo(message![0] * 100).And.All.EqualTo(message[0]));
        }

        await Task.WhenAll(senders);
    }
}

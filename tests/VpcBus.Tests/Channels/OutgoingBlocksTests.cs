using VpcComApi.VpcBus.Channels;

namespace VpcComApi.VpcBus.Tests.Channels;

/// <summary>The blocks of a channel, which the caller fills and the transport empties.</summary>
[TestFixture]
internal sealed class OutgoingBlocksTests
{
    private const int Large = 100_000;

    [Test]
    public void Bytes_are_unsent_once_they_are_flushed()
    {
        OutgoingBlocks blocks = new();
        Write(blocks, 10);
        Assert.That((blocks.Unflushed, blocks.Unsent), Is.EqualTo((10L, 0L)));

        blocks.Flush();

        Assert.That((blocks.Unflushed, blocks.Unsent), Is.EqualTo((0L, 10L)));
    }

    [Test]
    public void Bytes_come_out_in_order_over_several_blocks()
    {
        OutgoingBlocks blocks = new();
        byte[] sent = new byte[3 * Large];
        new Random(20_261_130).NextBytes(sent);
        for (int part = 0; part < 3; part++)
        {
            sent.AsSpan(part * Large, Large).CopyTo(blocks.GetMemory(Large).Span);
            blocks.Advance(Large);
        }

        blocks.Flush();
        byte[] received = new byte[sent.Length];
        for (int taken = 0; blocks.Unsent > 0;)
        {
            taken += blocks.MoveTo(received.AsSpan(taken, Math.Min(7000, received.Length - taken)));
        }

        blocks.ReleaseDrained();
        Assert.That(received, Is.EqualTo(sent));
        Assert.That(blocks.IsEmpty, Is.True, "no block is held when all is sent");
    }

    [Test]
    public void A_block_that_the_link_uses_is_returned_when_the_link_releases_it()
    {
        OutgoingBlocks blocks = new();
        Write(blocks, 10);
        blocks.Flush();
        OutgoingSegment lent = blocks.BeginFrame();

        blocks.Discard();

        Assert.That(lent.Array, Is.Not.Empty, "the link may still read it");
        Assert.That(blocks.IsEmpty, Is.True);
        Assert.That(blocks.EndFrame(10), Is.False, "the bytes were discarded");
        Assert.That(lent.Array, Is.Empty);
        Assert.That(blocks.Unsent, Is.Zero);
    }

    [Test]
    public void Memory_that_the_caller_holds_outlives_a_discard_until_the_next_flush()
    {
        OutgoingBlocks blocks = new();
        Memory<byte> held = blocks.GetMemory(0);

        blocks.Discard();
        held.Span[0] = 1;
        blocks.Advance(1);
        Assert.That(blocks.IsEmpty, Is.False);
        blocks.Flush();

        Assert.That(blocks.IsEmpty, Is.True);
        Assert.That(blocks.Unsent, Is.Zero);
    }

    [Test]
    public void No_more_can_be_written_than_was_handed_out()
    {
        OutgoingBlocks blocks = new();
        int room = blocks.GetMemory(0).Length;

        Assert.That(() => blocks.Advance(room + 1), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => blocks.Advance(-1), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => blocks.Advance(room), Throws.Nothing);
    }

    private static void Write(OutgoingBlocks blocks, int length)
    {
        blocks.GetMemory(length).Span[..length].Fill(1);
        blocks.Advance(length);
    }
}

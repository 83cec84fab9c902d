using VpcComApi.VpcBus.Links.Resumption;

namespace VpcComApi.VpcBus.Tests.Links;

/// <summary>The checksums of the resumable link's frames, by the examples of docs/vpcbus.md.</summary>
[TestFixture]
internal sealed class LinkChecksumTests
{
    private static readonly byte[] Example = [.. "123456789"u8];

    [Test]
    public void The_examples_of_the_protocols_page_hold()
    {
        Assert.That(LinkChecksum.Compute(Example), Is.EqualTo(0xE3069283));
        Assert.That(LinkChecksum.ComputeWordSum(Example), Is.EqualTo(0xF8F84E57));
    }

    [Test]
    public void The_word_sum_detects_each_bit_and_each_missing_byte([Values(1, 7, 8, 9, 64, 1000)] int length)
    {
        byte[] bytes = new byte[length];
        HashSet<uint> sums = [LinkChecksum.ComputeWordSum(bytes)];
        for (int bit = 0; bit < length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            sums.Add(LinkChecksum.ComputeWordSum(bytes));
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        sums.Add(LinkChecksum.ComputeWordSum(bytes.AsSpan(1)));
        Assert.That(sums, Has.Count.EqualTo((length * 8) + 2));
    }

    [Test]
    public void The_word_sum_distinguishes_any_two_bits_of_neighbouring_words_from_any_other_two()
    {
        byte[] bytes = new byte[3 * sizeof(ulong)];
        HashSet<uint> sums = [LinkChecksum.ComputeWordSum(bytes)];
        int expected = 1;
        for (int one = 0; one < bytes.Length * 8; one++)
        {
            for (int other = 0; other < one; other++, expected++)
            {
                bytes[one / 8] ^= (byte)(1 << (one % 8));
                bytes[other / 8] ^= (byte)(1 << (other % 8));
                sums.Add(LinkChecksum.ComputeWordSum(bytes));
                Array.Clear(bytes);
            }
        }

        Assert.That(sums, Has.Count.EqualTo(expected));
    }

    [TestCase(LinkChecksumKind.Crc32C)]
    [TestCase(LinkChecksumKind.WordSum)]
    public void A_frame_is_intact_as_it_was_sealed_and_with_no_other_kind_of_checksum(LinkChecksumKind kind)
    {
        const int KindOffset = 11;
        byte[] frame = new byte[LinkProtocol.HeaderLength + Example.Length];
        Example.CopyTo(frame, LinkProtocol.HeaderLength);
        new LinkFrameHeader(Example.Length, LinkFrameType.Data, 1, 2, 3, 4).Seal(frame, kind);
        Assert.That(LinkFrameHeader.IsIntact(frame));

        for (int other = 0; other <= byte.MaxValue; other++)
        {
            frame[KindOffset] = (byte)other;
            Assert.That(LinkFrameHeader.IsIntact(frame), Is.EqualTo(other == (int)kind), $"kind {other}");
        }
    }

    [TestCase(1, LinkChecksumKind.Crc32C)]
    [TestCase(2, LinkChecksumKind.WordSum)]
    public void A_side_that_does_not_know_the_word_sum_gets_none(int newestRevision, LinkChecksumKind expected)
    {
        const int KindOffset = 11;
        byte[] buffer = new byte[4 * (LinkProtocol.HeaderLength + LinkProtocol.MaxPayload)];
        LinkSession session = new(BusSide.Host, LinkProtocol.MinBuffer, LinkProtocol.MinBuffer);
        session.Synchronise();
        int length = session.Collect(buffer);
        LinkSync ours = LinkSync.Read(buffer.AsSpan(length - LinkSync.PayloadLength));
        byte[] answer = new byte[LinkSync.PayloadLength];
        new LinkSync(1, newestRevision, (byte)BusSide.Guest, Guid.NewGuid(), Guid.Empty, Nonce: 5, Echo: ours.Nonce, Sent: 0).Write(answer);
        session.Receive(new LinkFrameHeader(answer.Length, LinkFrameType.Sync, 0, 0, 0, LinkProtocol.MinBuffer), answer);
        Assert.That(session.IsSynchronised);

        session.Write(Example);
        length = session.Collect(buffer);

        Span<byte> data = buffer.AsSpan(length - LinkProtocol.HeaderLength - Example.Length, LinkProtocol.HeaderLength + Example.Length);
        Assert.That(LinkFrameHeader.ReadType(data), Is.EqualTo(LinkFrameType.Data));
        Assert.That((LinkChecksumKind)data[KindOffset], Is.EqualTo(expected));
    }
}

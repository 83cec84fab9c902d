using CsCheck;
using VpcComApi.VpcBus.Protocol;

namespace VpcComApi.VpcBus.Tests.Protocol;

[TestFixture]
internal sealed class CodecPropertyTests
{
    private static readonly Gen<Hello> GenHello =
        from side in Gen.Int[0, 1].Select(number => (BusSide)number)
        from min in Gen.Int[1, 1000]
        from more in Gen.Int[0, 1000]
        from payload in Gen.Int[BusOptions.MinMaxFramePayload, int.MaxValue]
        from pairs in Gen.Int[1, int.MaxValue]
        from offers in Gen.Int[1, int.MaxValue]
        from session in Gen.Guid
        from version in Gen.String[Gen.Char.AlphaNumeric, 0, BusOptions.MaxComponentVersionLength]
        select new Hello(side, min, min + more, payload, pairs, offers, session, version);

    [Test]
    public void A_frame_header_reads_back_as_it_was_written() => Gen.Select(Gen.UInt, Gen.Byte, Gen.UInt).Sample((length, type, id) =>
    {
        FrameHeader header = new(length, (FrameType)type, id);
        byte[] bytes = new byte[BusProtocol.HeaderLength];
        header.Write(bytes);
        return FrameHeader.Read(bytes) == header;
    });

    [Test]
    public void A_hello_reads_back_as_it_was_written() => GenHello.Sample(hello =>
    {
        byte[] bytes = hello.ToBytes();
        return Hello.ReadPrefix(bytes) == bytes.Length - Hello.PrefixLength && Hello.ReadBody(bytes.AsSpan(Hello.PrefixLength)) == hello;
    });

    [Test]
    public void A_hello_reply_reads_back_as_it_was_written() =>
        Gen.Select(
            Gen.Int[0, 3].Select(number => number == 0 ? (BusError?)null : (BusError)number), Gen.String[Gen.Char.AlphaNumeric, 0, 500])
            .Sample((cause, reason) =>
            {
                HelloReply reply = new(cause, reason);
                byte[] bytes = reply.ToBytes();
                return HelloReply.ReadPrefix(bytes) == bytes.Length - HelloReply.PrefixLength
                    && HelloReply.ReadBody(bytes.AsSpan(HelloReply.PrefixLength)) == reply;
            });

    [Test]
    public void Any_hello_body_is_read_or_refused_as_corrupt() => Gen.Byte.Array[38, 200].Sample(body =>
    {
        try
        {
            Hello hello = Hello.ReadBody(body);
            return hello.MinRevision >= 1 && hello.MaxRevision >= hello.MinRevision && hello.MaxChannelPairs >= 1;
        }
        catch (BusException failure)
        {
            return failure.Error == BusError.Corrupt;
        }
    });

    [Test]
    public void Any_control_payload_is_read_or_refused_as_corrupt() =>
        Gen.Select(Gen.Byte.Array[0, 40], Gen.Int[0, 30]).Sample((payload, maxLength) =>
        {
            try
            {
                PayloadReader reader = new(payload, FrameType.Offer, 1);
                reader.ReadUInt32("number");
                return BusText.ByteCount(reader.ReadText("text", maxLength)) <= maxLength;
            }
            catch (BusException failure)
            {
                return failure.Error == BusError.Corrupt;
            }
        });

    [Test]
    public void A_text_is_cut_at_the_end_of_a_character() => Gen.Select(Gen.String, Gen.Int[0, 20]).Sample((text, maxLength) =>
    {
        byte[] bytes = BusText.Encode(text, maxLength);
        return bytes.Length <= maxLength && BusText.TryDecode(bytes, out string decoded)
            && BusText.ByteCount(text) - bytes.Length < 4 + Math.Max(0, BusText.ByteCount(text) - maxLength)
            && System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text)).StartsWith(decoded, StringComparison.Ordinal);
    });
}

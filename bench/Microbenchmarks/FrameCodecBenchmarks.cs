using BenchmarkDotNet.Attributes;
using VpcComApi.VpcBus;
using VpcComApi.VpcBus.Protocol;

namespace VpcComApi.Microbenchmarks;

/// <summary>Encoding and decoding of frames.</summary>
public class FrameCodecBenchmarks
{
    private const uint Channel = 4;
    private const uint Amount = 65_536;
    private const string Reason = "The other end of 'tcp:6174' reads no more.";

    private readonly byte[] buffer = new byte[BusProtocol.HeaderLength + BusProtocol.MaxControlPayload];
    private readonly byte[] reason = BusText.Encode(Reason, BusOptions.MaxReasonLength);

    /// <summary>The header of a data frame: written by the sender, read by the receiver.</summary>
    [Benchmark]
    public uint DataHeader()
    {
        new FrameHeader(Amount, FrameType.Data, Channel).Write(buffer);
        return FrameHeader.Read(buffer).Length;
    }

    /// <summary>A complete credit frame, as in bulk transfers.</summary>
    [Benchmark]
    public uint Credit()
    {
        FrameWriter writer = new(buffer);
        writer.Write(FrameType.Credit, Channel, Amount);
        FrameHeader header = FrameHeader.Read(buffer);
        return new PayloadReader(buffer.AsSpan(BusProtocol.HeaderLength, (int)header.Length), header.Type, header.Id).ReadUInt32("credit");
    }

    /// <summary>A complete reset frame with its text, which is allocated: not on the hot path.</summary>
    [Benchmark]
    public int Reset()
    {
        FrameWriter writer = new(buffer);
        writer.Write(FrameType.Reset, Channel, (uint)BusError.ChannelReset, reason);
        FrameHeader header = FrameHeader.Read(buffer);
        PayloadReader payload = new(buffer.AsSpan(BusProtocol.HeaderLength, (int)header.Length), header.Type, header.Id);
        payload.ReadUInt32("cause");
        return payload.ReadText("reason", BusOptions.MaxReasonLength).Length;
    }
}

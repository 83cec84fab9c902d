using System.Buffers.Binary;

namespace VpcComApi.VpcBus.Protocol;

/// <summary>
/// The twelve bytes before every frame, little-endian: u32 payload length, u8 type, u8 and u16 that are 0 when sent and ignored when
/// received, u32 id (of a channel, a pair, or 0).
/// </summary>
/// <param name="Length">Payload bytes that follow. Untrusted: at most <see cref="uint.MaxValue"/>.</param>
/// <param name="Type">The type; any byte.</param>
/// <param name="Id">The channel or pair that it concerns.</param>
internal readonly record struct FrameHeader(uint Length, FrameType Type, uint Id)
{
    /// <summary>Writes the header.</summary>
    /// <param name="target">At least <see cref="BusProtocol.HeaderLength"/> bytes.</param>
    public void Write(Span<byte> target)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(target, Length);
        BinaryPrimitives.WriteUInt32LittleEndian(target[4..], (uint)Type);
        BinaryPrimitives.WriteUInt32LittleEndian(target[8..], Id);
    }

    /// <summary>Reads a header.</summary>
    /// <param name="source">At least <see cref="BusProtocol.HeaderLength"/> bytes.</param>
    public static FrameHeader Read(ReadOnlySpan<byte> source) => new(
        BinaryPrimitives.ReadUInt32LittleEndian(source),
        (FrameType)source[4],
        BinaryPrimitives.ReadUInt32LittleEndian(source[8..]));
}

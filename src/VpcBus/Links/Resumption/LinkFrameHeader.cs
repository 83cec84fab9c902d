using System.Buffers.Binary;

namespace VpcComApi.VpcBus.Links.Resumption;

/// <summary>
/// The 36 bytes before every payload, little-endian: 4 bytes marker, u32 checksum of everything after it including the payload, u16 payload
/// length, u8 type, u8 kind of checksum, u32 tag, u64 sequence, u64 acknowledged, u32 window.
/// </summary>
/// <param name="Length">Payload bytes.</param>
/// <param name="Type">The type; any byte.</param>
/// <param name="Tag">The low half of the nonce of the side that is to read the frame; 0 in a Sync.</param>
/// <param name="Sequence">
/// The number of the payload's first byte, or of the next one; in a Sync, of the oldest byte that is still kept.
/// </param>
/// <param name="Acknowledged">Bytes of the other direction that have arrived.</param>
/// <param name="Window">How many bytes beyond those may be sent.</param>
internal readonly record struct LinkFrameHeader(
    int Length, LinkFrameType Type, uint Tag, ulong Sequence, ulong Acknowledged, uint Window)
{
    private const int ChecksumOffset = 4;
    private const int CheckedOffset = 8;
    private const int KindOffset = 11;

    /// <summary>The payload length in a header. Not to be trusted before the checksum was verified.</summary>
    public static int ReadLength(ReadOnlySpan<byte> header) => BinaryPrimitives.ReadUInt16LittleEndian(header[CheckedOffset..]);

    /// <summary>The type in a header. Not to be trusted before the checksum was verified.</summary>
    public static LinkFrameType ReadType(ReadOnlySpan<byte> header) => (LinkFrameType)header[10];

    /// <summary>Whether the checksum of a complete frame is correct.</summary>
    public static bool IsIntact(ReadOnlySpan<byte> frame) =>
        (LinkChecksumKind)frame[KindOffset] is LinkChecksumKind.Crc32C or LinkChecksumKind.WordSum
        && BinaryPrimitives.ReadUInt32LittleEndian(frame[ChecksumOffset..]) == Compute(frame);

    /// <summary>Reads a header.</summary>
    public static LinkFrameHeader Read(ReadOnlySpan<byte> header) => new(
        ReadLength(header),
        ReadType(header),
        BinaryPrimitives.ReadUInt32LittleEndian(header[12..]),
        BinaryPrimitives.ReadUInt64LittleEndian(header[16..]),
        BinaryPrimitives.ReadUInt64LittleEndian(header[24..]),
        BinaryPrimitives.ReadUInt32LittleEndian(header[32..]));

    /// <summary>Writes the header before a payload that is already in the buffer, and the checksum of both.</summary>
    /// <param name="frame">Exactly the frame: <see cref="LinkProtocol.HeaderLength"/> and <see cref="Length"/> bytes.</param>
    /// <param name="kind">The kind of checksum; other kinds than CRC-32C only for a reader that supports them.</param>
    public void Seal(Span<byte> frame, LinkChecksumKind kind = LinkChecksumKind.Crc32C)
    {
        LinkProtocol.Marker.CopyTo(frame);
        BinaryPrimitives.WriteUInt16LittleEndian(frame[CheckedOffset..], (ushort)Length);
        frame[10] = (byte)Type;
        frame[KindOffset] = (byte)kind;
        BinaryPrimitives.WriteUInt32LittleEndian(frame[12..], Tag);
        BinaryPrimitives.WriteUInt64LittleEndian(frame[16..], Sequence);
        BinaryPrimitives.WriteUInt64LittleEndian(frame[24..], Acknowledged);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[32..], Window);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[ChecksumOffset..], Compute(frame));
    }

    /// <summary>The checksum of a frame, of the kind in its header.</summary>
    private static uint Compute(ReadOnlySpan<byte> frame) => (LinkChecksumKind)frame[KindOffset] == LinkChecksumKind.WordSum
        ? LinkChecksum.ComputeWordSum(frame[CheckedOffset..])
        : LinkChecksum.Compute(frame[CheckedOffset..]);
}

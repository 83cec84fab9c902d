using System.Buffers.Binary;

namespace VpcComApi.VpcBus.Protocol;

/// <summary>
/// The first message of each side. The layout is the same in every revision; a later one may add fields at the end. Little-endian:
/// 8 bytes magic, u32 length of what follows, u16 oldest and u16 newest revision, u8 side, 3 bytes 0, u32 largest frame payload,
/// u32 channel pairs, u32 pending offers, 16 bytes session id, u16 length and text of the component version, u32 capabilities (missing in
/// the hello of an early peer: none).
/// </summary>
internal sealed record Hello(
    BusSide Side, int MinRevision, int MaxRevision, int MaxFramePayload, int MaxChannelPairs, int MaxPendingOffers,
    Guid SessionId, string ComponentVersion, uint Capabilities = 0)
{
    /// <summary>The capability to transfer data through shared memory whose descriptors are passed over this link.</summary>
    public const uint RingsCapability = 1;

    /// <summary>
    /// The capability to transfer data through the shared memory of a device that both sides have in addition to the link.
    /// </summary>
    public const uint DeviceRingsCapability = 2;

    /// <summary>Bytes of magic and length.</summary>
    public const int PrefixLength = 12;

    /// <summary>The longest body that is read.</summary>
    public const int MaxBodyLength = 1024;

    private const int FixedBodyLength = 38;

    /// <summary>The first bytes of every hello. The line end detects a link that converts line ends.</summary>
    public static ReadOnlySpan<byte> Magic => "VPCBus\r\n"u8;

    /// <summary>The hello in the form in which it is sent.</summary>
    public byte[] ToBytes()
    {
        byte[] version = BusText.Encode(ComponentVersion, BusOptions.MaxComponentVersionLength);
        byte[] bytes = new byte[PrefixLength + FixedBodyLength + version.Length + sizeof(uint)];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), FixedBodyLength + version.Length + sizeof(uint));
        Span<byte> body = bytes.AsSpan(PrefixLength);
        BinaryPrimitives.WriteUInt16LittleEndian(body, (ushort)MinRevision);
        BinaryPrimitives.WriteUInt16LittleEndian(body[2..], (ushort)MaxRevision);
        body[4] = (byte)Side;
        BinaryPrimitives.WriteInt32LittleEndian(body[8..], MaxFramePayload);
        BinaryPrimitives.WriteInt32LittleEndian(body[12..], MaxChannelPairs);
        BinaryPrimitives.WriteInt32LittleEndian(body[16..], MaxPendingOffers);
        SessionId.TryWriteBytes(body[20..], bigEndian: true, out _);
        BinaryPrimitives.WriteUInt16LittleEndian(body[36..], (ushort)version.Length);
        version.CopyTo(body[FixedBodyLength..]);
        BinaryPrimitives.WriteUInt32LittleEndian(body[(FixedBodyLength + version.Length)..], Capabilities);
        return bytes;
    }

    /// <summary>Checks the magic and returns the length of the body.</summary>
    /// <exception cref="BusException">The other side does not use this protocol.</exception>
    public static int ReadPrefix(ReadOnlySpan<byte> prefix)
    {
        if (!prefix[..Magic.Length].SequenceEqual(Magic))
        {
            throw Corrupt("magic", "is not that of VPCBus");
        }

        uint length = BinaryPrimitives.ReadUInt32LittleEndian(prefix[Magic.Length..]);
        return length is >= FixedBodyLength and <= MaxBodyLength
            ? (int)length
            : throw Corrupt("length", $"is {length}; it must lie between {FixedBodyLength} and {MaxBodyLength}");
    }

    /// <summary>Reads the body. Values that a later revision may change are checked only once the revision is known.</summary>
    /// <exception cref="BusException">A field is out of its range.</exception>
    public static Hello ReadBody(ReadOnlySpan<byte> body)
    {
        int minRevision = BinaryPrimitives.ReadUInt16LittleEndian(body);
        int maxRevision = BinaryPrimitives.ReadUInt16LittleEndian(body[2..]);
        if (minRevision == 0 || maxRevision < minRevision)
        {
            throw Corrupt("revisions", $"are {minRevision} to {maxRevision}");
        }

        byte side = body[4];
        if (side > (byte)BusSide.Guest)
        {
            throw Corrupt("side", $"is {side}");
        }

        int framePayload = ReadLimit(body[8..], "largest frame", BusOptions.MinMaxFramePayload);
        int channelPairs = ReadLimit(body[12..], "channel pairs", 1);
        int pendingOffers = ReadLimit(body[16..], "pending offers", 1);
        Guid session = new(body.Slice(20, 16), bigEndian: true);
        int versionLength = BinaryPrimitives.ReadUInt16LittleEndian(body[36..]);
        if (versionLength > BusOptions.MaxComponentVersionLength || versionLength > body.Length - FixedBodyLength)
        {
            throw Corrupt("component version", $"has {versionLength} bytes");
        }

        _ = BinaryPrimitives.TryReadUInt32LittleEndian(body[(FixedBodyLength + versionLength)..], out uint capabilities);
        return BusText.TryDecode(body.Slice(FixedBodyLength, versionLength), out string version)
            ? new Hello((BusSide)side, minRevision, maxRevision, framePayload, channelPairs, pendingOffers, session, version, capabilities)
            : throw Corrupt("component version", "is no UTF-8");
    }

    private static int ReadLimit(ReadOnlySpan<byte> source, string field, int least)
    {
        uint value = BinaryPrimitives.ReadUInt32LittleEndian(source);
        return value >= (uint)least && value <= int.MaxValue ? (int)value : throw Corrupt(field, $"is {value}");
    }

    private static BusException Corrupt(string field, string what) =>
        new(BusError.Corrupt, $"The other side broke the protocol: hello, {field} {what}.");
}

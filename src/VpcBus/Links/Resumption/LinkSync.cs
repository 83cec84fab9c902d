using System.Buffers.Binary;

namespace VpcComApi.VpcBus.Links.Resumption;

/// <summary>
/// The payload of a Sync, little-endian: u16 oldest and u16 newest revision, u8 side, 3 bytes 0, 16 bytes session id, 16 bytes session id
/// of the other side or 0, u64 nonce, u64 echoed nonce or 0, u64 number behind the last byte sent; since revision 2 u32 bytes that the sender keeps until they are
/// acknowledged. A later revision may add to the end.
/// </summary>
/// <param name="MinRevision">The oldest revision that the sender speaks.</param>
/// <param name="MaxRevision">The newest one.</param>
/// <param name="Side">Which side speaks: any byte.</param>
/// <param name="Session">The sender's session.</param>
/// <param name="PeerSession">The session that the sender is bound to, or <see cref="Guid.Empty"/>.</param>
/// <param name="Nonce">The sender's number for this connection.</param>
/// <param name="Echo">The latest nonce that the sender has read, or 0.</param>
/// <param name="Sent">The number behind the last byte that the sender has ever sent.</param>
/// <param name="ReplayBuffer">Bytes that the sender keeps until they are acknowledged; 0 when it does not say.</param>
internal readonly record struct LinkSync(
    int MinRevision, int MaxRevision, byte Side, Guid Session, Guid PeerSession, ulong Nonce, ulong Echo, ulong Sent, uint ReplayBuffer = 0)
{
    /// <summary>Bytes of the fields above.</summary>
    public const int PayloadLength = 68;

    /// <summary>Bytes of those that revision 1 has.</summary>
    public const int LeastLength = 64;

    /// <summary>Writes the payload.</summary>
    public void Write(Span<byte> payload)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(payload, (ushort)MinRevision);
        BinaryPrimitives.WriteUInt16LittleEndian(payload[2..], (ushort)MaxRevision);
        BinaryPrimitives.WriteUInt32LittleEndian(payload[4..], Side);
        Session.TryWriteBytes(payload[8..], bigEndian: true, out _);
        PeerSession.TryWriteBytes(payload[24..], bigEndian: true, out _);
        BinaryPrimitives.WriteUInt64LittleEndian(payload[40..], Nonce);
        BinaryPrimitives.WriteUInt64LittleEndian(payload[48..], Echo);
        BinaryPrimitives.WriteUInt64LittleEndian(payload[56..], Sent);
        BinaryPrimitives.WriteUInt32LittleEndian(payload[64..], ReplayBuffer);
    }

    /// <summary>Reads the payload.</summary>
    /// <param name="payload">At least <see cref="LeastLength"/> bytes.</param>
    public static LinkSync Read(ReadOnlySpan<byte> payload) => new(
        BinaryPrimitives.ReadUInt16LittleEndian(payload),
        BinaryPrimitives.ReadUInt16LittleEndian(payload[2..]),
        payload[4],
        new Guid(payload.Slice(8, 16), bigEndian: true),
        new Guid(payload.Slice(24, 16), bigEndian: true),
        BinaryPrimitives.ReadUInt64LittleEndian(payload[40..]),
        BinaryPrimitives.ReadUInt64LittleEndian(payload[48..]),
        BinaryPrimitives.ReadUInt64LittleEndian(payload[56..]),
        payload.Length >= PayloadLength ? BinaryPrimitives.ReadUInt32LittleEndian(payload[64..]) : 0);
}

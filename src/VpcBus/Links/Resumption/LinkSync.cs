using System.Buffers.Binary;

namespace VpcComApi.VpcBus.Links.Resumption;

/// <summary>
/// The payload of a Sync, little-endian: u16 oldest and u16 newest revision, u8 side, 3 bytes 0, 16 bytes session id, 16 bytes session id
/// of the other side or 0, u64 nonce, u64 echoed nonce or 0, u64 number after that of the last byte sent; since revision 2 u32 bytes that
/// the sender keeps until they are acknowledged. A later revision may add fields at the end.
/// </summary>
/// <param name="MinRevision">The oldest revision that the sender supports.</param>
/// <param name="MaxRevision">The newest one.</param>
/// <param name="Side">The sender's side: any byte.</param>
/// <param name="Session">The sender's session.</param>
/// <param name="PeerSession">The session that the sender is bound to, or <see cref="Guid.Empty"/>.</param>
/// <param name="Nonce">The sender's number for this connection.</param>
/// <param name="Echo">The latest nonce that the sender has read, or 0.</param>
/// <param name="Sent">The number after that of the last byte that the sender has ever sent.</param>
/// <param name="ReplayBuffer">Bytes that the sender keeps until they are acknowledged; 0 when it does not say.</param>
internal readonly record struct LinkSync(
    int MinRevision, int MaxRevision, byte Side, Guid Session, Guid PeerSession, ulong Nonce, ulong Echo, ulong Sent, uint ReplayBuffer = 0)
{
    /// <summary>The length of the fields above in bytes.</summary>
    public const int PayloadLength = 68;

    /// <summary>The length of the fields of revision 1 in bytes.</summary>
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

    /// <summary>Checks the sender.</summary>
    /// <param name="side">The side that reads it.</param>
    /// <param name="session">The session of that side.</param>
    /// <param name="peer">The session that it is bound to, or <see cref="Guid.Empty"/>.</param>
    /// <exception cref="BusException">The session cannot continue with this sender.</exception>
    public void CheckSender(BusSide side, Guid session, Guid peer)
    {
        if (Side > (byte)BusSide.Guest || Session == Guid.Empty || MinRevision == 0 || MaxRevision < MinRevision)
        {
            throw CorruptLink.Error(
                LinkFrameType.Sync, "identity", $"is side {Side}, session {Session}, revisions {MinRevision} to {MaxRevision}");
        }

        if (Side == (byte)side)
        {
            throw new BusException(BusError.RevisionMismatch, $"Both ends of the link are a {side}; one must be the other.");
        }

        if (MaxRevision < LinkProtocol.OldestRevision || MinRevision > LinkProtocol.Revision)
        {
            throw new BusException(
                BusError.RevisionMismatch,
                $"The {side} supports link revisions {LinkProtocol.OldestRevision} to {LinkProtocol.Revision}, the other side "
                + $"{MinRevision} to {MaxRevision}; update the older one.");
        }

        if (peer != Guid.Empty && Session != peer)
        {
            throw new BusException(
                BusError.LinkLost, $"The other side of the link has begun a new session ({Session} after {peer}): it was restarted.");
        }

        if (peer != Guid.Empty && PeerSession != Guid.Empty && PeerSession != session)
        {
            throw CorruptLink.Error(LinkFrameType.Sync, "other session", $"is {PeerSession} and not {session}");
        }
    }

    /// <summary>
    /// Checks whether each side still keeps the bytes that the other one has not received. A machine that was restored from an older state
    /// does not.
    /// </summary>
    /// <param name="header">The header of the Sync.</param>
    /// <param name="oldest">The oldest byte that the reader of it can send again.</param>
    /// <param name="newest">The number after that of the last byte that the reader has ever sent.</param>
    /// <param name="received">The number up to which the reader has everything.</param>
    /// <exception cref="BusException">A side has not received bytes that the other one does not keep any more.</exception>
    public void CheckContinuity(LinkFrameHeader header, ulong oldest, ulong newest, ulong received)
    {
        if (header.Acknowledged < oldest || header.Acknowledged > newest)
        {
            throw new BusException(
                BusError.LinkLost,
                $"The other side of the link has received {header.Acknowledged} bytes; this side can continue only from {oldest} to "
                    + $"{newest}.");
        }

        if (Sent < received || header.Sequence > received)
        {
            throw new BusException(
                BusError.LinkLost,
                $"This side of the link has received {received} bytes; the other side can continue only from {header.Sequence} to {Sent}.");
        }
    }
}

using System.Buffers.Binary;
using VpcComApi.VpcBus.Protocol;

namespace VpcComApi.VpcBus.Links.Resumption;

/// <summary>The payload of an Abort, little-endian: u32 cause, text reason.</summary>
internal static class LinkAbort
{
    private const int TextStart = sizeof(uint) + sizeof(ushort);

    /// <summary>Writes the payload.</summary>
    /// <param name="reason">Why its sender ends the session.</param>
    public static byte[] Encode(BusException reason)
    {
        byte[] text = BusText.Encode(reason.Message, BusOptions.MaxReasonLength);
        byte[] payload = new byte[TextStart + text.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(payload, (uint)reason.Error);
        BinaryPrimitives.WriteUInt16LittleEndian(payload.AsSpan(sizeof(uint)), (ushort)text.Length);
        text.CopyTo(payload, TextStart);
        return payload;
    }

    /// <summary>Reads the payload.</summary>
    /// <returns>The error with which the session ends on this side: the sender's, or the one for an unreadable payload.</returns>
    public static BusException Read(ReadOnlySpan<byte> payload)
    {
        if (!BinaryPrimitives.TryReadUInt32LittleEndian(payload, out uint cause)
            || !BinaryPrimitives.TryReadUInt16LittleEndian(payload[sizeof(uint)..], out ushort length)
            || length > BusOptions.MaxReasonLength || length > payload.Length - TextStart
            || !BusText.TryDecode(payload.Slice(TextStart, length), out string reason))
        {
            return CorruptLink.Error(LinkFrameType.Abort, "reason", "cannot be read");
        }

        return new BusException(
            cause is >= (uint)BusError.LinkLost and <= (uint)BusError.Closed ? (BusError)cause : BusError.LinkLost,
            $"The other side aborted the link: {reason}");
    }
}

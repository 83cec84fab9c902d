using System.Buffers.Binary;

namespace VpcComApi.VpcBus.Protocol;

/// <summary>
/// A side's answer to the other's hello: it accepts or refuses the connection. Sent once and before any frame, in the same layout in every
/// revision. Little-endian: u32 length of what follows, u32 cause (0: welcome, else a <see cref="BusError"/>), u16 length and text of the
/// reason.
/// </summary>
/// <param name="Cause">Null for a welcome.</param>
/// <param name="Reason">The reason of a refusal, for people.</param>
internal sealed record HelloReply(BusError? Cause, string Reason)
{
    /// <summary>Bytes of the length.</summary>
    public const int PrefixLength = 4;

    /// <summary>The longest body that is read.</summary>
    public const int MaxBodyLength = 1024;

    private const int FixedBodyLength = 6;

    /// <summary>The hello reply in the form in which it is sent.</summary>
    public byte[] ToBytes()
    {
        byte[] reason = BusText.Encode(Reason, BusOptions.MaxReasonLength);
        byte[] bytes = new byte[PrefixLength + FixedBodyLength + reason.Length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, FixedBodyLength + reason.Length);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), Cause is { } cause ? (int)cause : 0);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(8), (ushort)reason.Length);
        reason.CopyTo(bytes, PrefixLength + FixedBodyLength);
        return bytes;
    }

    /// <summary>Returns the length of the body.</summary>
    /// <exception cref="BusException">The length is out of its range.</exception>
    public static int ReadPrefix(ReadOnlySpan<byte> prefix)
    {
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(prefix);
        return length is >= FixedBodyLength and <= MaxBodyLength ? (int)length : throw Corrupt("length", $"is {length}");
    }

    /// <summary>Reads the body.</summary>
    /// <exception cref="BusException">A field is out of its range.</exception>
    public static HelloReply ReadBody(ReadOnlySpan<byte> body)
    {
        uint cause = BinaryPrimitives.ReadUInt32LittleEndian(body);
        int length = BinaryPrimitives.ReadUInt16LittleEndian(body[4..]);
        if (length > BusOptions.MaxReasonLength || length > body.Length - FixedBodyLength)
        {
            throw Corrupt("reason", $"has {length} bytes");
        }

        if (!BusText.TryDecode(body.Slice(FixedBodyLength, length), out string reason))
        {
            throw Corrupt("reason", "is no UTF-8");
        }

        // A cause that only a later revision defines is a refusal too.
        return cause == 0 ? new HelloReply(null, reason)
            : new HelloReply(cause <= (uint)BusError.Closed ? (BusError)cause : BusError.RevisionMismatch, reason);
    }

    private static BusException Corrupt(string field, string what) =>
        new(BusError.Corrupt, $"The other side broke the protocol: hello reply, {field} {what}.");
}

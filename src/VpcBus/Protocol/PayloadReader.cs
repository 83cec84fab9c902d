using System.Buffers.Binary;

namespace VpcComApi.VpcBus.Protocol;

/// <summary>
/// Reads the fields of a control frame's payload. Each step checks that there are enough bytes; bytes after the known fields are ignored,
/// so that a later revision can add fields to a frame.
/// </summary>
/// <param name="payload">The payload.</param>
/// <param name="type">The frame's type, for the error text.</param>
/// <param name="id">The frame's channel or pair, for the error text.</param>
internal ref struct PayloadReader(ReadOnlySpan<byte> payload, FrameType type, uint id)
{
    private ReadOnlySpan<byte> rest = payload;

    /// <summary>The next number.</summary>
    /// <exception cref="BusException">The payload is too short.</exception>
    public uint ReadUInt32(string field)
    {
        if (!BinaryPrimitives.TryReadUInt32LittleEndian(rest, out uint value))
        {
            throw Corrupt(field, "is missing");
        }

        rest = rest[sizeof(uint)..];
        return value;
    }

    /// <summary>The next number, or 0 when it is missing because the peer does not know it.</summary>
    public uint ReadOptionalUInt32()
    {
        if (!BinaryPrimitives.TryReadUInt32LittleEndian(rest, out uint value))
        {
            return 0;
        }

        rest = rest[sizeof(uint)..];
        return value;
    }

    /// <summary>The next large number.</summary>
    /// <exception cref="BusException">The payload is too short.</exception>
    public ulong ReadUInt64(string field)
    {
        if (!BinaryPrimitives.TryReadUInt64LittleEndian(rest, out ulong value))
        {
            throw Corrupt(field, "is missing");
        }

        rest = rest[sizeof(ulong)..];
        return value;
    }

    /// <summary>The next text: its length, then its bytes.</summary>
    /// <exception cref="BusException">The payload is too short, the text too long or not UTF-8.</exception>
    public string ReadText(string field, int maxLength)
    {
        if (!BinaryPrimitives.TryReadUInt16LittleEndian(rest, out ushort length))
        {
            throw Corrupt(field, "is missing");
        }

        if (length > maxLength)
        {
            throw Corrupt(field, $"has {length} bytes, more than {maxLength}");
        }

        rest = rest[sizeof(ushort)..];
        if (length > rest.Length)
        {
            throw Corrupt(field, $"says {length} bytes and has {rest.Length}");
        }

        if (!BusText.TryDecode(rest[..length], out string text))
        {
            throw Corrupt(field, "is no UTF-8");
        }

        rest = rest[length..];
        return text;
    }

    private readonly BusException Corrupt(string field, string what) => CorruptFrame.Error(type, id, field, what);
}

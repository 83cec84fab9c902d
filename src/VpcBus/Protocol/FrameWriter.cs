using System.Buffers.Binary;

namespace VpcComApi.VpcBus.Protocol;

/// <summary>Writes control frames one after another into a buffer.</summary>
/// <param name="buffer">The buffer.</param>
internal ref struct FrameWriter(Span<byte> buffer)
{
    /// <summary>
    /// The most bytes that one source may have pending: a frame with a number and a reason, and up to four without payload.
    /// </summary>
    public const int LargestBurst = (5 * (BusProtocol.HeaderLength + sizeof(uint))) + sizeof(ushort) + BusOptions.MaxReasonLength;

    private readonly Span<byte> buffer = buffer;

    /// <summary>Bytes written so far.</summary>
    public int Written { get; private set; }

    /// <summary>Whether there is room for all frames that another source may have pending.</summary>
    public readonly bool HasRoom => Room >= LargestBurst;

    /// <summary>Bytes left.</summary>
    public readonly int Room => buffer.Length - Written;

    /// <summary>A frame without payload.</summary>
    public void Write(FrameType type, uint id)
    {
        new FrameHeader(0, type, id).Write(buffer[Written..]);
        Written += BusProtocol.HeaderLength;
    }

    /// <summary>A frame with one number.</summary>
    public void Write(FrameType type, uint id, uint number)
    {
        new FrameHeader(sizeof(uint), type, id).Write(buffer[Written..]);
        BinaryPrimitives.WriteUInt32LittleEndian(buffer[(Written + BusProtocol.HeaderLength)..], number);
        Written += BusProtocol.HeaderLength + sizeof(uint);
    }

    /// <summary>A frame with one large number.</summary>
    public void WriteLarge(FrameType type, uint id, ulong number)
    {
        new FrameHeader(sizeof(ulong), type, id).Write(buffer[Written..]);
        BinaryPrimitives.WriteUInt64LittleEndian(buffer[(Written + BusProtocol.HeaderLength)..], number);
        Written += BusProtocol.HeaderLength + sizeof(ulong);
    }

    /// <summary>A frame with two numbers.</summary>
    public void Write(FrameType type, uint id, uint first, uint second)
    {
        new FrameHeader(2 * sizeof(uint), type, id).Write(buffer[Written..]);
        BinaryPrimitives.WriteUInt32LittleEndian(buffer[(Written + BusProtocol.HeaderLength)..], first);
        BinaryPrimitives.WriteUInt32LittleEndian(buffer[(Written + BusProtocol.HeaderLength + sizeof(uint))..], second);
        Written += BusProtocol.HeaderLength + (2 * sizeof(uint));
    }

    /// <summary>A frame with a number, a text, and another number.</summary>
    public void Write(FrameType type, uint id, uint number, ReadOnlySpan<byte> text, uint last)
    {
        int length = (2 * sizeof(uint)) + sizeof(ushort) + text.Length;
        int start = Written;
        Write(type, id, number, text);
        BinaryPrimitives.WriteInt32LittleEndian(buffer[start..], length);
        BinaryPrimitives.WriteUInt32LittleEndian(buffer[Written..], last);
        Written += sizeof(uint);
    }

    /// <summary>A frame with one number and a text.</summary>
    public void Write(FrameType type, uint id, uint number, ReadOnlySpan<byte> text)
    {
        int length = sizeof(uint) + sizeof(ushort) + text.Length;
        Span<byte> frame = buffer.Slice(Written, BusProtocol.HeaderLength + length);
        new FrameHeader((uint)length, type, id).Write(frame);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[BusProtocol.HeaderLength..], number);
        BinaryPrimitives.WriteUInt16LittleEndian(frame[(BusProtocol.HeaderLength + sizeof(uint))..], (ushort)text.Length);
        text.CopyTo(frame[(BusProtocol.HeaderLength + sizeof(uint) + sizeof(ushort))..]);
        Written += frame.Length;
    }

    /// <summary>Appends a complete frame.</summary>
    public void Append(ReadOnlySpan<byte> frame)
    {
        frame.CopyTo(buffer[Written..]);
        Written += frame.Length;
    }
}

using System.Buffers.Binary;
using System.Text;

namespace VpcComApi.VpcBus.Tests.SecondGuest;

/// <summary>A frame of the bus, as chapter "Frames" of docs/vpcbus.md has it.</summary>
internal sealed record TinyFrame(byte Type, uint Id, byte[] Payload)
{
    /// <summary>The number at the front of the payload.</summary>
    public uint Number => BinaryPrimitives.ReadUInt32LittleEndian(Payload);

    /// <summary>The text after it.</summary>
    public string Text => Encoding.UTF8.GetString(Payload, 6, BinaryPrimitives.ReadUInt16LittleEndian(Payload.AsSpan(4)));
}

using System.Buffers.Binary;

namespace VpcComApi.FaultRun.Transfer;

/// <summary>The first bytes of a client: the transfer and the round.</summary>
/// <param name="Round">The round.</param>
/// <param name="Transfer">The transfer in it.</param>
internal readonly record struct TransferHeader(int Round, int Transfer)
{
    /// <summary>Its length on the wire.</summary>
    public const int Size = 2 * sizeof(int);

    /// <summary>Reads one.</summary>
    public static TransferHeader Read(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadInt32LittleEndian(bytes), BinaryPrimitives.ReadInt32LittleEndian(bytes[sizeof(int)..]));

    /// <summary>Writes it.</summary>
    public byte[] ToBytes()
    {
        byte[] bytes = new byte[Size];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, Round);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(sizeof(int)), Transfer);
        return bytes;
    }
}

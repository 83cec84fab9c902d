using System.Numerics;
using System.Runtime.InteropServices;

namespace VpcComApi.VpcBus.Links.Resumption;

/// <summary>CRC-32C (Castagnoli; RFC 3720, appendix B.4): the processor computes it eight bytes at a time.</summary>
internal static class LinkChecksum
{
    /// <summary>The checksum of these bytes.</summary>
    public static uint Compute(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (ulong word in words)
        {
            crc = BitOperations.Crc32C(crc, BitConverter.IsLittleEndian ? word : System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(word));
        }

        foreach (byte rest in bytes[(words.Length * sizeof(ulong))..])
        {
            crc = BitOperations.Crc32C(crc, rest);
        }

        return ~crc;
    }
}

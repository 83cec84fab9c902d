using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace VpcComApi.VpcBus.Links.Resumption;

/// <summary>The checksums of frames.</summary>
internal static class LinkChecksum
{
    /// <summary>The multiplier of the word sum: odd, with irregular bits.</summary>
    private const ulong WordFactor = 0xBF58476D1CE4E5B9;

    /// <summary>
    /// The word sum: for each word of eight bytes, little-endian, the sum is XORed with it and mixed; the remaining bytes, padded with
    /// zeros, are the last word, and the number of bytes is added as one more. Different bytes have the same sum by chance only, once in 2
    /// to the power of 32 times. A processor without a CRC instruction, such as the one that QEMU emulates, would need a table look-up for
    /// each byte of a CRC.
    /// </summary>
    public static uint ComputeWordSum(ReadOnlySpan<byte> bytes)
    {
        ulong sum = 0;
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (ulong word in words)
        {
            sum = Mix(sum, BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word));
        }

        Span<byte> rest = stackalloc byte[sizeof(ulong)];
        rest.Clear();
        bytes[(words.Length * sizeof(ulong))..].CopyTo(rest);
        sum = Mix(Mix(sum, BinaryPrimitives.ReadUInt64LittleEndian(rest)), (ulong)bytes.Length);
        return (uint)(sum >> 32) ^ (uint)sum;
    }

    /// <summary>CRC-32C (Castagnoli; RFC 3720, appendix B.4): the processor computes it eight bytes at a time.</summary>
    public static uint Compute(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (ulong word in words)
        {
            crc = BitOperations.Crc32C(crc, BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word));
        }

        foreach (byte rest in bytes[(words.Length * sizeof(ulong))..])
        {
            crc = BitOperations.Crc32C(crc, rest);
        }

        return ~crc;
    }

    /// <summary>
    /// A multiplication moves bits only upwards, so the upper half is mixed into the lower one before and after it. Otherwise a bit of the
    /// next word could cancel a bit of this one.
    /// </summary>
    private static ulong Mix(ulong sum, ulong word)
    {
        ulong mixed = sum ^ word;
        mixed = (mixed ^ (mixed >> 29)) * WordFactor;
        return mixed ^ (mixed >> 32);
    }
}

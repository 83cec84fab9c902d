using System.Buffers.Binary;

namespace VpcComApi.TransferClient;

/// <summary>An endless stream of bytes that depends on its seed alone: the same on both ends, and never the same in two places.</summary>
/// <param name="seed">Not zero.</param>
internal sealed class RandomBytes(ulong seed)
{
    private ulong state = seed;

    /// <summary>Writes the next bytes.</summary>
    /// <param name="target">Filled whole; its length is a multiple of eight.</param>
    public void Fill(Span<byte> target)
    {
        for (int at = 0; at < target.Length; at += sizeof(ulong))
        {
            // xorshift64: Marsaglia, "Xorshift RNGs", Journal of Statistical Software 8 (14), 2003.
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            BinaryPrimitives.WriteUInt64LittleEndian(target[at..], state);
        }
    }
}

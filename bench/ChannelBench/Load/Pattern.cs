using System.Buffers.Binary;

namespace VpcComApi.ChannelBench.Load;

/// <summary>
/// The bytes that are sent: each aligned word of eight bytes contains its position in the stream, so that a lost, duplicated or moved byte
/// is detected. Checked once for each read, which takes little processor time.
/// </summary>
internal static class Pattern
{
    /// <summary>Bytes after which the pattern repeats.</summary>
    public const int Period = 64 * 1024;

    private const int WordLength = sizeof(ulong);

    /// <summary>Distinguishes the pattern from small numbers, which are common in other memory.</summary>
    private const ulong Salt = 0x5650_4342_7573_0000;

    /// <summary>The bytes of one period.</summary>
    public static ReadOnlySpan<byte> Bytes => Whole;

    private static byte[] Whole { get; } = Make();

    /// <summary>Whether bytes are those of a position in the stream, according to their first complete word.</summary>
    /// <param name="bytes">The bytes that were read.</param>
    /// <param name="position">Bytes of the stream before them.</param>
    public static bool Fits(ReadOnlySpan<byte> bytes, long position)
    {
        int skip = (int)(-position & (WordLength - 1));
        return bytes.Length < skip + WordLength
            || BinaryPrimitives.ReadUInt64LittleEndian(bytes[skip..]) == Word((int)((position + skip) & (Period - 1)));
    }

    private static ulong Word(int offset) => Salt + (ulong)offset;

    private static byte[] Make()
    {
        byte[] bytes = new byte[Period];
        for (int offset = 0; offset < Period; offset += WordLength)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(offset), Word(offset));
        }

        return bytes;
    }
}

using System.Buffers.Binary;

namespace VpcComApi.ChannelBench.Load;

/// <summary>
/// The bytes that are sent: each aligned word of eight bytes tells its place in the stream, so that a byte that is lost, doubled or moved
/// shows. Looked at once for each read: that costs the load's ends next to nothing.
/// </summary>
internal static class Pattern
{
    /// <summary>Bytes after which the pattern repeats.</summary>
    public const int Period = 64 * 1024;

    private const int WordLength = sizeof(ulong);

    /// <summary>Told apart from small numbers, which other memory is full of.</summary>
    private const ulong Salt = 0x5650_4342_7573_0000;

    /// <summary>The bytes of one period.</summary>
    public static ReadOnlySpan<byte> Bytes => Whole;

    private static byte[] Whole { get; } = Make();

    /// <summary>Whether bytes are those that belong to a place in the stream, as far as their first whole word tells.</summary>
    /// <param name="bytes">What was read.</param>
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

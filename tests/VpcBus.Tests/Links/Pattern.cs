namespace VpcComApi.VpcBus.Tests.Links;

/// <summary>A stream of bytes that are determined by their position, so that a receiver can check each byte.</summary>
internal static class Pattern
{
    /// <summary>The bytes from a slot on.</summary>
    public static void Fill(int seed, long from, Span<byte> target)
    {
        for (int n = 0; n < target.Length; n++)
        {
            ulong mixed = ((ulong)(from + n) ^ ((ulong)seed << 40)) * 0x9E3779B97F4A7C15;
            target[n] = (byte)(mixed >> 56);
        }
    }

    /// <summary>Whether these bytes are those of that slot.</summary>
    public static bool Matches(int seed, long from, ReadOnlySpan<byte> bytes)
    {
        Span<byte> expected = new byte[bytes.Length];
        Fill(seed, from, expected);
        return bytes.SequenceEqual(expected);
    }
}

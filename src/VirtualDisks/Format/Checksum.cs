namespace VpcComApi.VirtualDisks.Format;

/// <summary>The checksum of footers and headers: the one's complement of the sum of their bytes without the checksum's own four.</summary>
internal static class Checksum
{
    private const int Length = 4;

    /// <summary>Calculates the checksum.</summary>
    /// <param name="structure">The footer or header.</param>
    /// <param name="checksumOffset">Where its checksum stands.</param>
    public static uint Of(ReadOnlySpan<byte> structure, int checksumOffset)
    {
        uint sum = 0;
        for (int i = 0; i < structure.Length; i++)
        {
            sum += i < checksumOffset || i >= checksumOffset + Length ? structure[i] : 0u;
        }

        return ~sum;
    }
}

namespace VpcComApi.FaultRun.Transfer;

/// <summary>
/// The bytes of one direction of one transfer. Each is determined by its position, so that a reader can check the next one.
/// </summary>
internal sealed class TransferBytes
{
    /// <summary>The bytes repeat after a prime number, so that a missing or duplicated block is always detected.</summary>
    private const int Period = 1_048_573;

    private readonly byte[] bytes = new byte[Period];

    /// <param name="round">The round.</param>
    /// <param name="transfer">The transfer in it.</param>
    /// <param name="fromClient">The direction.</param>
    public TransferBytes(int round, int transfer, bool fromClient) => new Random(HashOf(round, transfer, fromClient)).NextBytes(bytes);

    /// <summary>Contiguous bytes from a position on.</summary>
    public ReadOnlyMemory<byte> From(long place, int most)
    {
        int start = (int)(place % Period);
        return bytes.AsMemory(start, Math.Min(most, Period - start));
    }

    /// <summary>Whether bytes are those from a position on.</summary>
    public bool Match(long place, ReadOnlySpan<byte> came)
    {
        while (!came.IsEmpty)
        {
            ReadOnlySpan<byte> expected = From(place, came.Length).Span;
            if (!came[..expected.Length].SequenceEqual(expected))
            {
                return false;
            }

            place += expected.Length;
            came = came[expected.Length..];
        }

        return true;
    }

    // The same in every process, as HashCode is not.
    private static int HashOf(int round, int transfer, bool fromClient) => (round * 7919) + (transfer * 104_729) + (fromClient ? 1 : 2);
}

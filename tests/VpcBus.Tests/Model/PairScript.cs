namespace VpcComApi.VpcBus.Tests.Model;

/// <summary>What one side does with its end of a pair, as the model sees it.</summary>
/// <param name="Writes">Bytes of each write, in order; this many yields precede each.</param>
/// <param name="YieldsBefore">How long it waits before each step.</param>
/// <param name="ReadsAtMost">Bytes after which it reads no more; null to read to the end.</param>
/// <param name="ResetsAfter">Steps of writing after which it resets the pair; null when it does not.</param>
internal sealed record PairScript(int[] Writes, int YieldsBefore, int? ReadsAtMost, int? ResetsAfter)
{
    /// <summary>Bytes that it writes altogether if nothing stops it.</summary>
    public long Length => Writes.Sum(size => (long)size);
}

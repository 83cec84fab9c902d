namespace VpcComApi.VpcBus.Tests.Model;

/// <summary>What one side has seen of a pair.</summary>
/// <param name="Received">Bytes that it has read, each of them checked.</param>
/// <param name="EndSeen">Whether it has read the other side's end.</param>
/// <param name="Reset">Whether the pair ended by a reset.</param>
internal sealed record PairOutcome(long Received, bool EndSeen, bool Reset);

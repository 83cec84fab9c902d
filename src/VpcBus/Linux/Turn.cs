namespace VpcComApi.VpcBus.Linux;

/// <summary>What a task did in one turn.</summary>
/// <param name="Cost">What it took of the task's share: bytes moved both ways, small moves counted as more.</param>
/// <param name="HasMore">Whether the turn ended before the work did; the task then gets another one.</param>
internal readonly record struct Turn(long Cost, bool HasMore);

namespace VpcComApi.VpcBus.Linux;

/// <summary>The result of one turn of a task.</summary>
/// <param name="Cost">The cost that counts towards the task's share: bytes moved in both directions, with a minimum for each move.</param>
/// <param name="HasMore">Whether there is more work to do; the task then gets another turn.</param>
internal readonly record struct Turn(long Cost, bool HasMore);

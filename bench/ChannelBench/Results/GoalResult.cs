namespace VpcComApi.ChannelBench.Results;

/// <summary>The result of the product for a goal.</summary>
/// <param name="Value">The ratio of the medians, or the product's median.</param>
/// <param name="MiddleHalf">The range of the middle half of the rounds.</param>
/// <param name="IsMet">Whether the goal is met.</param>
internal sealed record GoalResult(double Value, (double Low, double High) MiddleHalf, bool IsMet);

namespace VpcComApi.ChannelBench.Results;

/// <summary>How the product stands to a goal.</summary>
/// <param name="Value">The ratio of the medians, or the product's median.</param>
/// <param name="MiddleHalf">Where the middle half of the rounds lies.</param>
/// <param name="IsMet">Whether the goal is met.</param>
internal sealed record GoalResult(double Value, (double Low, double High) MiddleHalf, bool IsMet);

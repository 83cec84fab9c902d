namespace VpcComApi.ChannelBench.Results;

/// <summary>What the product is to reach in a measure.</summary>
/// <param name="Peer">
/// Whom it is compared with: the limit is a ratio, product to peer. Null: the limit is a value of the product's own.
/// </param>
/// <param name="Limit">At least so much where more is better, at most so much where less is.</param>
internal sealed record Goal(string? Peer, double Limit);

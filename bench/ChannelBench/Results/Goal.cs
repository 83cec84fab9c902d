namespace VpcComApi.ChannelBench.Results;

/// <summary>The target of the product in a measure.</summary>
/// <param name="Peer">
/// The peer with which it is compared: the limit is the ratio of product to peer. Null: the limit is an absolute value.
/// </param>
/// <param name="Limit">The minimum where more is better, the maximum where less is better.</param>
internal sealed record Goal(string? Peer, double Limit);

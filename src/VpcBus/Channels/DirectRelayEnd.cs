namespace VpcComApi.VpcBus.Channels;

/// <summary>How one direction of an <see cref="IDirectRelay"/> ended.</summary>
/// <param name="Kind">How.</param>
/// <param name="Failure">The local stream's error, when it failed.</param>
internal readonly record struct DirectRelayEnd(DirectRelayEndKind Kind, Exception? Failure = null);

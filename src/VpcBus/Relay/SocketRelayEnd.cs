namespace VpcComApi.VpcBus.Relay;

/// <summary>How one direction of a <see cref="SocketRelay"/> ended.</summary>
/// <param name="Kind">How.</param>
/// <param name="Failure">What the socket said, when it failed.</param>
internal readonly record struct SocketRelayEnd(SocketRelayEndKind Kind, Exception? Failure = null);

namespace VpcComApi.VpcBus.Relay;

/// <summary>How one direction of a <see cref="SocketRelay"/> can end.</summary>
internal enum SocketRelayEndKind
{
    /// <summary>Every byte up to the end was moved.</summary>
    EndOfBytes,

    /// <summary>The socket failed.</summary>
    LocalFailed,

    /// <summary>The other side of the bus reads no more.</summary>
    PeerStopped,

    /// <summary>It was told to stop, or the pair failed.</summary>
    Stopped,
}

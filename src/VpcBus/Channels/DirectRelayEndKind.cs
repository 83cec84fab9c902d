namespace VpcComApi.VpcBus.Channels;

/// <summary>How one direction of an <see cref="IDirectRelay"/> can end.</summary>
internal enum DirectRelayEndKind
{
    /// <summary>Every byte up to the end was moved.</summary>
    EndOfBytes,

    /// <summary>The local stream failed.</summary>
    LocalFailed,

    /// <summary>The other side of the bus reads no more.</summary>
    PeerStopped,

    /// <summary>The direction was stopped, or the pair has failed.</summary>
    Stopped,
}

namespace VpcComApi.VpcBus;

/// <summary>What happens to a channel pair. "This side" is the side that records the events.</summary>
public enum ChannelEventKind
{
    /// <summary>The pair was offered, by either side.</summary>
    Offered,

    /// <summary>The offer was accepted: the pair is open.</summary>
    Accepted,

    /// <summary>This side has sent its first byte.</summary>
    FirstByteSent,

    /// <summary>The first byte of the other side has arrived.</summary>
    FirstByteReceived,

    /// <summary>This side had bytes to send, and the other side did not read.</summary>
    SendingStalled,

    /// <summary>This side did not read, and unread bytes filled its window.</summary>
    ReceivingStalled,

    /// <summary>This side has sent its last byte.</summary>
    SendingEnded,

    /// <summary>The other side has sent its last byte.</summary>
    ReceivingEnded,

    /// <summary>This side stopped reading before the end.</summary>
    ReadingStopped,

    /// <summary>The other side stopped reading before the end.</summary>
    PeerStoppedReading,

    /// <summary>This side reset the pair.</summary>
    Reset,

    /// <summary>The other side reset the pair.</summary>
    ResetByPeer,

    /// <summary>The bus ended while the pair was open.</summary>
    BusEnded,

    /// <summary>Both directions have ended in order.</summary>
    Ended,
}

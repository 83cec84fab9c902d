namespace VpcComApi.VpcBus.Relay;

/// <summary>Why a side refuses to relay to a service: the codes of <see cref="BusChannelOffer.RejectAsync"/> for relays.</summary>
public enum RelayRejection
{
    /// <summary>Nothing of what is below; the reason's text says more.</summary>
    Other = 0,

    /// <summary>The service's name means nothing to the other side.</summary>
    UnknownService = 1,

    /// <summary>Nobody listens on the port.</summary>
    ConnectionRefused = 2,

    /// <summary>The port did not answer in time.</summary>
    ConnectTimedOut = 3,

    /// <summary>The other side has no room for another relay.</summary>
    Busy = 4,

    /// <summary>The other side is shutting down.</summary>
    ShuttingDown = 5,
}

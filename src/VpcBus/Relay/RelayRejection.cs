namespace VpcComApi.VpcBus.Relay;

/// <summary>Why a side refuses a relay to a service: the codes of <see cref="BusChannelOffer.RejectAsync"/> for relays.</summary>
public enum RelayRejection
{
    /// <summary>Another reason, described by the text.</summary>
    Other = 0,

    /// <summary>The other side does not know the service.</summary>
    UnknownService = 1,

    /// <summary>Nobody listens on the port.</summary>
    ConnectionRefused = 2,

    /// <summary>The port did not answer in time.</summary>
    ConnectTimedOut = 3,

    /// <summary>The other side allows no more relays.</summary>
    Busy = 4,

    /// <summary>The other side is shutting down.</summary>
    ShuttingDown = 5,
}

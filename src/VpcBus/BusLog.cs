using Microsoft.Extensions.Logging;

namespace VpcComApi.VpcBus;

/// <summary>The log entries of the bus, event ids 4000 to 4999.</summary>
internal static partial class BusLog
{
    [LoggerMessage(4000, LogLevel.Information,
        "The {Side} is connected to a {PeerSide} of version '{PeerVersion}' with bus revision {Revision} (sessions {Session} and "
            + "{PeerSession}).")]
    public static partial void Established(
        ILogger logger, BusSide side, BusSide peerSide, string peerVersion, int revision, Guid session, Guid peerSession);

    /// <summary>Debug, because the caller that wanted the bus reports what the failure means.</summary>
    [LoggerMessage(4001, LogLevel.Debug, "The {Side} could not connect to the other side of the bus ({Error}). {Reason}")]
    public static partial void Refused(ILogger logger, BusSide side, BusError error, string reason);

    [LoggerMessage(4002, LogLevel.Information, "The {Side}'s bus of session {Session} ended in order.")]
    public static partial void Ended(ILogger logger, BusSide side, Guid session);

    /// <summary>Debug, because the owner of the bus reports what its failure means.</summary>
    [LoggerMessage(4003, LogLevel.Debug, "The {Side}'s bus of session {Session} failed ({Error}). {Reason}")]
    public static partial void Failed(ILogger logger, BusSide side, Guid session, BusError error, string reason);
}

using Microsoft.Extensions.Logging;

namespace VpcComApi.VpcBus.Links;

/// <summary>The log entries of resumable links, event ids 4100 to 4199.</summary>
internal static partial class LinkLog
{
    [LoggerMessage(4100, LogLevel.Warning, "The {Side}'s link of session {Session} is interrupted and waits for the other side. {Reason}")]
    public static partial void Interrupted(ILogger logger, BusSide side, Guid session, string reason);

    [LoggerMessage(4101, LogLevel.Information,
        "The {Side}'s link of session {Session} continues after {Milliseconds} ms; nothing was lost.")]
    public static partial void Resumed(ILogger logger, BusSide side, Guid session, long milliseconds);

    [LoggerMessage(4102, LogLevel.Debug, "The {Side}'s link of session {Session} is lost ({Error}). {Reason}")]
    public static partial void Lost(ILogger logger, BusSide side, Guid session, BusError error, string reason);
}

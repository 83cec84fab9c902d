using Microsoft.Extensions.Logging;
using VpcComApi.GuestServices.Links;

namespace VpcComApi.GuestServices.Service;

/// <summary>The guest service's messages; ids 3000 to 3999.</summary>
internal static partial class GuestServiceLog
{
    [LoggerMessage(3000, LogLevel.Information, "The guest service is connected to its host at {Address}, which has version "
        + "'{HostVersion}'.")]
    public static partial void Connected(ILogger logger, BusAddress address, string hostVersion);

    [LoggerMessage(3001, LogLevel.Warning, "The guest service has no bus at {Address} and keeps trying: {Reason}")]
    public static partial void NoBus(ILogger logger, BusAddress address, string reason);

    [LoggerMessage(3002, LogLevel.Debug, "A channel to port {Port} began (bus channels {Receiving} and {Sending}).")]
    public static partial void RelayBegan(ILogger logger, int port, int receiving, int sending);

    [LoggerMessage(EventId = 3003, Message = "A channel to port {Port} ended after {FromHost} bytes from and {ToHost} bytes to the host: "
        + "{Reason} Recent events (UTC): {Events}.")]
    public static partial void RelayEnded(
        ILogger logger, LogLevel level, int port, long fromHost, long toHost, string reason, string events);

    [LoggerMessage(3004, LogLevel.Warning, "A channel to port {Port} was refused: {Reason}")]
    public static partial void NoTcpServer(ILogger logger, int port, string reason);

    [LoggerMessage(3005, LogLevel.Warning, "The host offered a channel to '{Service}', which the guest does not have.")]
    public static partial void UnknownService(ILogger logger, string service);

    [LoggerMessage(3006, LogLevel.Error, "A request of the host failed after it was begun: {Reason}")]
    public static partial void RequestFailed(ILogger logger, string reason);

    [LoggerMessage(3007, LogLevel.Warning, "The list of integration devices cannot be served to other processes: {Reason}")]
    public static partial void NoDeviceEndpoint(ILogger logger, string reason);

    [LoggerMessage(3008, LogLevel.Information, "The guest service is being removed and informs its host.")]
    public static partial void Removed(ILogger logger);

    [LoggerMessage(3009, LogLevel.Warning, "A removal of the guest service cannot be announced to it: {Reason}")]
    public static partial void NoRemovalEndpoint(ILogger logger, string reason);
}

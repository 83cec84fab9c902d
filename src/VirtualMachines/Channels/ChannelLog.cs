using Microsoft.Extensions.Logging;

namespace VpcComApi.VirtualMachines.Channels;

/// <summary>The messages about communication channels and the link to a guest.</summary>
internal static partial class ChannelLog
{
    [LoggerMessage(ChannelEventIds.ChannelOpened, LogLevel.Information,
        "The channel from the pipe {Pipe} to the port {Port} in the machine '{Machine}' is open.")]
    public static partial void ChannelOpened(ILogger logger, string machine, PipeName pipe, int port);

    [LoggerMessage(ChannelEventIds.ChannelRefused, LogLevel.Warning,
        "The channel from the pipe {Pipe} to the port {Port} in the machine '{Machine}' was refused by the {Side} ({Error}): {Reason}")]
    public static partial void ChannelRefused(
        ILogger logger, string machine, PipeName pipe, int port, ChannelSide side, VirtualMachineError error, string reason);

    [LoggerMessage(ChannelEventIds.ChannelEnded, LogLevel.Information,
        "The channel from the pipe {Pipe} to the port {Port} in the machine '{Machine}' has ended after {BytesToGuest} bytes to the guest "
            + "and {BytesToHost} bytes to the host: {Reason}")]
    public static partial void ChannelEnded(
        ILogger logger, string machine, PipeName pipe, int port, long bytesToGuest, long bytesToHost, string reason);

    [LoggerMessage(ChannelEventIds.ChannelFailed, LogLevel.Warning,
        "The channel from the pipe {Pipe} to the port {Port} in the machine '{Machine}' failed on the side of the {Side} after "
            + "{BytesToGuest} bytes to the guest and {BytesToHost} bytes to the host: {Reason} Recent events (UTC): {Events}.")]
    public static partial void ChannelFailed(
        ILogger logger, string machine, PipeName pipe, int port, ChannelSide side, long bytesToGuest, long bytesToHost, string reason,
        string events);

    [LoggerMessage(ChannelEventIds.GuestReady, LogLevel.Information,
        "The guest service of the machine '{Machine}' is up, version '{Version}'. Communication channels can be started.")]
    public static partial void GuestReady(ILogger logger, string machine, string version);

    [LoggerMessage(ChannelEventIds.GuestGone, LogLevel.Information,
        "The guest service of the machine '{Machine}' has gone: {Reason}. Communication channels can be started again when it is back.")]
    public static partial void GuestGone(ILogger logger, string machine, string reason);

    [LoggerMessage(ChannelEventIds.RevisionMismatch, LogLevel.Error,
        "The guest service of the machine '{Machine}' does not fit this version of the host. "
            + "Install the integration components of this version in the guest. {Reason}")]
    public static partial void RevisionMismatch(ILogger logger, string machine, string reason);

    [LoggerMessage(ChannelEventIds.GuestBrokeProtocol, LogLevel.Warning,
        "The guest of the machine '{Machine}' broke the protocol and was cut off: {Reason}")]
    public static partial void GuestBrokeProtocol(ILogger logger, string machine, string reason);

    [LoggerMessage(ChannelEventIds.GuestUnreachable, LogLevel.Warning,
        "The guest service of the machine '{Machine}' could not be reached, and is tried again: {Reason}")]
    public static partial void GuestUnreachable(ILogger logger, string machine, string reason);

    [LoggerMessage(ChannelEventIds.NotificationsDropped, LogLevel.Warning,
        "The guest of the machine '{Machine}' notifies too often; some of its notifications are dropped.")]
    public static partial void NotificationsDropped(ILogger logger, string machine);

    [LoggerMessage(ChannelEventIds.ReadyEventUnavailable, LogLevel.Warning,
        "The ready event of the machine '{Machine}' could not be created, so that clients cannot wait for it: {Reason}")]
    public static partial void ReadyEventUnavailable(ILogger logger, string machine, string reason);

    [LoggerMessage(ChannelEventIds.ComponentsRemoved, LogLevel.Information,
        "The integration components are being removed from the guest of the machine '{Machine}'.")]
    public static partial void ComponentsRemoved(ILogger logger, string machine);
}

using Microsoft.Extensions.Logging;

namespace VpcComApi.EventLogging.Tests;

internal static partial class LogMessages
{
    [LoggerMessage(2001, LogLevel.Warning, "The channel {Pipe} of \"{Machine}\" to port {Port} failed.")]
    public static partial void ChannelFailed(this ILogger logger, string pipe, string machine, int port, Exception? exception = null);

    [LoggerMessage(2002, LogLevel.Information, "The {Day} of session {Session} was '{Name}'.")]
    public static partial void ManyKinds(this ILogger logger, DayOfWeek day, Guid session, string name);

    [LoggerMessage(7, LogLevel.Information, "Entry {Number}")]
    public static partial void Entry(this ILogger logger, int number);

    [LoggerMessage(8, LogLevel.Debug, "Nobody asked.")]
    public static partial void Detail(this ILogger logger);
}

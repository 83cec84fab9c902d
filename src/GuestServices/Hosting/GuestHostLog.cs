using Microsoft.Extensions.Logging;

namespace VpcComApi.GuestServices.Hosting;

/// <summary>Messages about the process itself; ids 3900 to 3999.</summary>
internal static partial class GuestHostLog
{
    [LoggerMessage(3900, LogLevel.Critical, "The guest cannot boot: {Reason}")]
    public static partial void NoBoard(ILogger logger, string reason);

    [LoggerMessage(3901, LogLevel.Information, "The guest service {Version} starts; its bus is {Address}.")]
    public static partial void Starts(ILogger logger, string version, string address);

    [LoggerMessage(3902, LogLevel.Information, "The guest service stops.")]
    public static partial void Stops(ILogger logger);
}

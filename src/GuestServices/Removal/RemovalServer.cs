using Microsoft.Extensions.Logging;
using VpcComApi.GuestServices.Service;

namespace VpcComApi.GuestServices.Removal;

/// <summary>Waits, as long as the guest service runs, for the request that announces its removal, and informs its host.</summary>
internal static class RemovalServer
{
    private static readonly TimeSpan ClientLimit = TimeSpan.FromSeconds(3);

    /// <summary>Runs until it is cancelled. A service whose endpoint cannot be created works otherwise.</summary>
    /// <param name="notifyHost">Informs the host; returns whether that succeeded.</param>
    /// <param name="logger">Receives log messages.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static Task RunAsync(Func<Task<bool>> notifyHost, ILogger logger, CancellationToken cancellationToken) =>
        RemovalEndpoint.Instance.ServeAsync(
        (stream, limit) => AnswerAsync(stream, notifyHost, logger, limit),
        ClientLimit,
        reason => GuestServiceLog.NoRemovalEndpoint(logger, reason),
        cancellationToken);

    private static async Task AnswerAsync(Stream stream, Func<Task<bool>> notifyHost, ILogger logger, CancellationToken cancellationToken)
    {
        byte[] message = new byte[1];
        if (await stream.ReadAsync(message, cancellationToken) == 0 || message[0] != RemovalEndpoint.Announce)
        {
            return;
        }

        GuestServiceLog.Removed(logger);
        message[0] = await notifyHost() ? RemovalEndpoint.Announced : RemovalEndpoint.NoHost;
        await stream.WriteAsync(message, cancellationToken);
    }
}

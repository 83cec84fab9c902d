using Microsoft.Extensions.Logging;
using VpcComApi.GuestServices.Service;

namespace VpcComApi.GuestServices.Removal;

/// <summary>Hears, for as long as the guest service runs, that it is being removed, and tells its host.</summary>
internal static class RemovalServer
{
    private static readonly TimeSpan VisitorLimit = TimeSpan.FromSeconds(3);

    /// <summary>Serves until it is told to stop. A service that cannot be told works all the same.</summary>
    /// <param name="tellHost">Tells the host; the result is whether it took it.</param>
    /// <param name="logger">Where messages go.</param>
    /// <param name="cancellationToken">Tells it to stop.</param>
    public static Task RunAsync(Func<Task<bool>> tellHost, ILogger logger, CancellationToken cancellationToken) =>
        RemovalEndpoint.Instance.ServeAsync(
        (stream, limit) => AnswerAsync(stream, tellHost, logger, limit),
        VisitorLimit,
        reason => GuestServiceLog.NoRemovalEndpoint(logger, reason),
        cancellationToken);

    private static async Task AnswerAsync(Stream stream, Func<Task<bool>> tellHost, ILogger logger, CancellationToken cancellationToken)
    {
        byte[] word = new byte[1];
        if (await stream.ReadAsync(word, cancellationToken) == 0 || word[0] != RemovalEndpoint.Tell)
        {
            return;
        }

        GuestServiceLog.Removed(logger);
        word[0] = await tellHost() ? RemovalEndpoint.Told : RemovalEndpoint.NoHost;
        await stream.WriteAsync(word, cancellationToken);
    }
}

using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace VpcComApi.GuestServices.Hosting;

/// <summary>The guest service under a host that stops it, and gives it its log. It serves already.</summary>
/// <param name="run">The service.</param>
/// <param name="logger">Where messages go.</param>
internal sealed class GuestHostedService(GuestRun run, ILogger<GuestHostedService> logger) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        run.Log.HandOver(logger);
        await using CancellationTokenRegistration stop = stoppingToken.Register(run.Stopping.Cancel);
        await run.Serving;
        GuestHostLog.Stops(logger);
    }
}

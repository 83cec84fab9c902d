using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace VpcComApi.GuestServices.Hosting;

/// <summary>Connects a guest service that is already running with the host builder's host, which provides its log and stops it.</summary>
/// <param name="run">The service.</param>
/// <param name="logger">Receives log messages.</param>
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

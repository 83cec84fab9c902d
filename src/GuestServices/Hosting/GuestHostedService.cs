using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using VpcComApi.GuestServices.Devices;
using VpcComApi.GuestServices.Facts;
using VpcComApi.GuestServices.Machines.Real;
using VpcComApi.GuestServices.Removal;
using VpcComApi.GuestServices.Service;

namespace VpcComApi.GuestServices.Hosting;

/// <summary>The guest service under a host that starts and stops it.</summary>
/// <param name="options">Where the bus is.</param>
/// <param name="machine">The machine that we are in.</param>
/// <param name="facts">The operating system that we are in.</param>
/// <param name="logger">Where messages go.</param>
internal sealed class GuestHostedService(
    GuestServiceOptions options, RealGuestMachine machine, IOperatingSystemFacts facts, ILogger<GuestHostedService> logger) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        GuestHostLog.Starts(logger, GuestService.ComponentsVersion, options.Bus.ToString());
        GuestService service = new(options, machine, facts, logger);
        await Task.WhenAll(
            service.RunAsync(stoppingToken),
            DeviceServer.RunAsync(service, logger, stoppingToken),
            RemovalServer.RunAsync(machine.TellRemovalAsync, logger, stoppingToken));
        GuestHostLog.Stops(logger);
    }
}

using Microsoft.Extensions.Logging;
using VpcComApi.GuestServices.Facts;
using VpcComApi.GuestServices.Machines;
using VpcComApi.VpcBus;
using VpcComApi.VpcBus.Integration;

namespace VpcComApi.GuestServices.Service;

/// <summary>One connection to the host: the integration messages and the relays to TCP servers, until the bus ends.</summary>
/// <param name="bus">The connection. Its owner disposes it.</param>
/// <param name="options">What the service bears.</param>
/// <param name="machine">The machine that we are in.</param>
/// <param name="facts">The operating system that we are in.</param>
/// <param name="devices">Lists the integration devices.</param>
/// <param name="logger">Where messages go.</param>
internal sealed class BusSession(
    BusConnection bus,
    GuestServiceOptions options,
    IGuestMachine machine,
    IOperatingSystemFacts facts,
    Func<IReadOnlyList<IntegrationDevice>> devices,
    ILogger logger)
{
    /// <summary>Serves until the bus ends.</summary>
    /// <param name="onReady">Called when the host has taken the integration channel and was told what the guest is.</param>
    /// <param name="cancellationToken">Ends the session.</param>
    /// <exception cref="BusException">The bus failed, or the host broke the integration protocol.</exception>
    public async Task RunAsync(Action onReady, CancellationToken cancellationToken)
    {
        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        TcpRelays relays = new(bus, options, logger);
        Task relaying = relays.RunAsync(ending.Token);
        try
        {
            await using IntegrationChannel channel = new(await bus.OfferAsync(IntegrationProtocol.ServiceName, cancellationToken));
            IntegrationSession session = new(channel, options, machine, facts, devices, logger);
            GuestFacts told = await session.IntroduceAsync(cancellationToken);
            onReady();
            await session.RunAsync(told, cancellationToken);
        }
        finally
        {
            // A bus without its integration channel serves nobody: the host sees it end, and both begin anew.
            await ending.CancelAsync();
            await relaying;
        }
    }
}

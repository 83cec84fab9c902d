using Microsoft.Extensions.Logging;
using VpcComApi.GuestServices.Facts;
using VpcComApi.GuestServices.Machines;
using VpcComApi.VpcBus;
using VpcComApi.VpcBus.Integration;

namespace VpcComApi.GuestServices.Service;

/// <summary>One connection to the host: the integration messages and the relays to TCP servers, until the bus ends.</summary>
/// <param name="bus">The connection. Its owner disposes it.</param>
/// <param name="options">The limits of the service.</param>
/// <param name="machine">The guest's machine.</param>
/// <param name="facts">Reads information about the guest's operating system.</param>
/// <param name="devices">Lists the integration devices.</param>
/// <param name="devicesChanged">Called when a relay has begun or ended.</param>
/// <param name="logger">Receives log messages.</param>
internal sealed class BusSession(
    BusConnection bus,
    GuestServiceOptions options,
    IGuestMachine machine,
    IOperatingSystemFacts facts,
    Func<IReadOnlyList<IntegrationDevice>> devices,
    Action devicesChanged,
    ILogger logger)
{
    /// <summary>Serves until the bus ends.</summary>
    /// <param name="onReady">Called when the host has accepted the integration channel and the facts were sent.</param>
    /// <param name="cancellationToken">Ends the session.</param>
    /// <exception cref="BusException">The bus failed, or the host violated the integration protocol.</exception>
    public async Task RunAsync(Action onReady, CancellationToken cancellationToken)
    {
        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        TcpRelays relays = new(bus, options, devicesChanged, logger);
        Task relaying = relays.RunAsync(ending.Token);
        try
        {
            await using IntegrationChannel channel = new(await bus.OfferAsync(IntegrationProtocol.ServiceName, cancellationToken));
            IntegrationSession session = new(channel, options, machine, facts, devices, logger);
            GuestFacts sent = await session.IntroduceAsync(cancellationToken);
            onReady();
            await session.RunAsync(sent, cancellationToken);
        }
        finally
        {
            // A bus without its integration channel is useless: the host detects its end, and both sides begin a new one.
            await ending.CancelAsync();
            await relaying;
        }
    }
}

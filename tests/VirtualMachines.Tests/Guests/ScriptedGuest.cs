using VpcComApi.TestSupport;
using VpcComApi.VpcBus;
using VpcComApi.VpcBus.Integration;

namespace VpcComApi.VirtualMachines.Tests.Guests;

/// <summary>The guest's end of a bus, on which a test simulates the guest service.</summary>
internal sealed class ScriptedGuest : IAsyncDisposable
{
    private readonly Stream link;

    private ScriptedGuest(Stream link, BusConnection bus)
    {
        this.link = link;
        Bus = bus;
    }

    /// <summary>Facts of a guest that can do everything.</summary>
    public static GuestFacts Facts { get; } = new()
    {
        ComputerName = "XPMODE",
        OSName = "Windows XP Professional",
        OSVersion = "5.1.2600",
        ComponentsVersion = "1.2.3",
        Capabilities =
        [
            IntegrationCapabilities.Shutdown, IntegrationCapabilities.Logoff, IntegrationCapabilities.Parameters,
            IntegrationCapabilities.Sessions,
            IntegrationCapabilities.Devices,
        ],
    };

    /// <summary>The bus.</summary>
    public BusConnection Bus { get; }

    /// <summary>The integration messages, once <see cref="IntroduceAsync"/> has been called.</summary>
    public IntegrationChannel Integration { get; private set; } = null!;

    /// <summary>The channels under <see cref="Integration"/>.</summary>
    public BusChannelPair IntegrationPair { get; private set; } = null!;

    /// <summary>Connects, and sends nothing after the bus's hello.</summary>
    public static async Task<ScriptedGuest> ConnectAsync(LinkedMachine machine)
    {
        Stream link = await machine.PlugInAsync();
        BusConnection bus = await Wait.UntilAsync(
            BusConnection.EstablishAsync(link, new BusOptions { Side = BusSide.Guest, ComponentVersion = "1.2.3" }), "the host's hello");
        return new ScriptedGuest(link, bus);
    }

    /// <summary>Connects and introduces itself.</summary>
    public static async Task<ScriptedGuest> ComeUpAsync(LinkedMachine machine, GuestFacts? facts = null)
    {
        ScriptedGuest guest = await ConnectAsync(machine);
        await guest.IntroduceAsync(facts ?? Facts);
        return guest;
    }

    /// <summary>Offers the integration service, and sends a first message.</summary>
    public async Task IntroduceAsync(IntegrationMessage first)
    {
        IntegrationPair = await Wait.UntilAsync(Bus.OfferAsync(IntegrationProtocol.ServiceName), "the host to take the offer");
        Integration = new IntegrationChannel(IntegrationPair);
        await Integration.SendAsync(first);
    }

    /// <summary>The next message of the host.</summary>
    public async Task<IntegrationMessage?> ReceiveAsync() =>
        await Wait.UntilAsync(Integration.ReceiveAsync().AsTask(), "a message of the host");

    /// <summary>The next request of the host; heartbeat settings are passed over.</summary>
    public async Task<Request> ReceiveRequestAsync()
    {
        while (true)
        {
            IntegrationMessage? message = await ReceiveAsync();
            if (message is Request request)
            {
                return request;
            }

            Assert.That(message, Is.Not.Null, "The host has ended the integration service.");
        }
    }

    /// <summary>The next channel pair that the host offers.</summary>
    public async Task<BusChannelOffer> ReceiveOfferAsync() =>
        (await Wait.UntilAsync(Bus.ReceiveOfferAsync().AsTask(), "the host to offer a channel"))!;

    /// <summary>Takes the next channel pair that the host offers.</summary>
    public async Task<BusChannelPair> AcceptAsync() => await (await ReceiveOfferAsync()).AcceptAsync();

    /// <summary>Closes the link without a goodbye.</summary>
    public ValueTask PullPlugAsync() => link.DisposeAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await link.DisposeAsync();
        await Bus.DisposeAsync();
    }
}

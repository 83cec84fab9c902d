using System.Diagnostics;
using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines.Providers;
using VpcComApi.VpcBus;
using VpcComApi.VpcBus.Integration;

namespace VpcComApi.ProviderConformance;

/// <summary>The host's end of a bus to a guest service that has come up, as the domain would hold it.</summary>
public sealed class GuestConnection : IAsyncDisposable
{
    /// <summary>How long a guest may need to boot, in an emulated processor of a busy computer.</summary>
    private static readonly TimeSpan BootLimit = TimeSpan.FromSeconds(60);

    /// <summary>How long a step of the bus's end may take, as in the domain: the guest of a paused machine sends no goodbye.</summary>
    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(2);

    private readonly IntegrationChannel channel;
    private long lastRequest;

    private GuestConnection(BusConnection bus, IntegrationChannel channel, GuestFacts facts)
    {
        Bus = bus;
        this.channel = channel;
        Facts = facts;
    }

    /// <summary>The bus.</summary>
    public BusConnection Bus { get; }

    /// <summary>The first facts of the guest.</summary>
    public GuestFacts Facts { get; }

    /// <summary>
    /// Waits until the guest service of a machine is up. As in the domain, a link that ends before the bus is established is followed by
    /// the next one: the guest of a machine that restarts may still have been the one before.
    /// </summary>
    public static async Task<GuestConnection> ConnectAsync(IRunningMachine machine)
    {
        long began = Stopwatch.GetTimestamp();
        BusConnection? bus = null;
        while (bus is null)
        {
            Stream link = await Wait.UntilAsync(
                machine.ConnectBusAsync(CancellationToken.None), "the guest service to connect", BootLimit);
            try
            {
                bus = await Wait.UntilAsync(
                    BusConnection.EstablishAsync(
                        link, new BusOptions { Side = BusSide.Host, ComponentVersion = "test", CloseTimeout = CloseLimit }),
                    "the bus");
            }
            catch (BusException e) when (e.Error == BusError.LinkLost && Stopwatch.GetElapsedTime(began) < BootLimit)
            {
                await link.DisposeAsync();
            }
        }

        BusChannelOffer? offer = await Wait.UntilAsync(bus.ReceiveOfferAsync().AsTask(), "the guest's offer");
        Assert.That(offer?.Service, Is.EqualTo(IntegrationProtocol.ServiceName));
        IntegrationChannel channel = new(await offer!.AcceptAsync());
        IntegrationMessage? first = await Wait.UntilAsync(channel.ReceiveAsync().AsTask(), "the guest's facts");
        Assert.That(first, Is.InstanceOf<GuestFacts>());
        return new GuestConnection(bus, channel, (GuestFacts)first!);
    }

    /// <summary>Asks the guest and waits for its answer.</summary>
    public async Task<Response> AskAsync(Func<long, Request> request)
    {
        long id = ++lastRequest;
        await channel.SendAsync(request(id));
        return await ReceiveAsync<Response>(response => response.Id == id);
    }

    /// <summary>Waits for a message of a kind and drops others.</summary>
    public async Task<T> ReceiveAsync<T>(Func<T, bool>? isWanted = null)
        where T : IntegrationMessage
    {
        while (await Wait.UntilAsync(channel.ReceiveAsync().AsTask(), $"a {typeof(T).Name} of the guest") is { } message)
        {
            if (message is T wanted && isWanted?.Invoke(wanted) != false)
            {
                return wanted;
            }
        }

        throw new AssertionException($"The guest sent its last message and no {typeof(T).Name}.");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await channel.DisposeAsync();
        await Bus.DisposeAsync();
    }
}

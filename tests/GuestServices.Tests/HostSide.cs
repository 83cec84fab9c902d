using System.Net;
using System.Net.Sockets;
using VpcComApi.GuestServices.Links;
using VpcComApi.TestSupport;
using VpcComApi.VpcBus;
using VpcComApi.VpcBus.Integration;
using VpcComApi.VpcBus.Links;

namespace VpcComApi.GuestServices.Tests;

/// <summary>A host on a real socket, to which a guest service connects as often as it likes.</summary>
internal sealed class HostSide : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);

    public HostSide() => listener.Start();

    public BusAddress Address => new TcpAddress("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port);

    /// <summary>Waits for the guest's next connection and sends nothing.</summary>
    public async Task<Socket> AcceptAsync() => await Wait.UntilAsync(listener.AcceptSocketAsync(), "the guest service to connect");

    /// <summary>Waits for the guest's next connection and greets it.</summary>
    public async Task<HostConnection> ConnectAsync(LinkKey? key = null)
    {
        Socket socket = await AcceptAsync();
        NetworkStream link = new(socket, ownsSocket: true);
        if (key is not null)
        {
            Assert.That(await Wait.UntilAsync(key.ProveAsync(link, BusSide.Host, CancellationToken.None), "the proof"), Is.True);
        }

        BusConnection bus = await Wait.UntilAsync(
            BusConnection.EstablishAsync(link, new BusOptions { Side = BusSide.Host, ComponentVersion = "host under test" }), "the bus");
        BusChannelOffer? offer = await Wait.UntilAsync(bus.ReceiveOfferAsync().AsTask(), "the integration channel");
        Assert.That(offer?.Service, Is.EqualTo(IntegrationProtocol.ServiceName));
        return new HostConnection(socket, bus, new IntegrationChannel(await offer!.AcceptAsync()));
    }

    public void Dispose() => listener.Dispose();
}

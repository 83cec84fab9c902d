using VpcComApi.VpcBus.Relay;
using VpcComApi.VpcBus.Tests.Links;

namespace VpcComApi.VpcBus.Tests.Relay;

/// <summary>The whole chain: a client's connection, relay, bus, relay, a server's connection.</summary>
internal sealed class RelayRig : IAsyncDisposable
{
    private readonly CancellationTokenSource cancelHost = new();

    private RelayRig(BusPair bus, BusChannelPair host, BusChannelPair guest, SocketPair client, SocketPair server, bool hostHasHalfClose)
    {
        Bus = bus;
        Client = client;
        Server = server;
        HostPair = host;
        GuestPair = guest;
        HostRelay = RunAsync(client, host, hostHasHalfClose ? client.Options : null, cancelHost.Token);
        GuestRelay = RunAsync(server, guest, server.Options, CancellationToken.None);
    }

    public BusPair Bus { get; }

    public SocketPair Client { get; }

    public SocketPair Server { get; }

    public BusChannelPair HostPair { get; }

    public BusChannelPair GuestPair { get; }

    /// <summary>Ends when the host's relay is over and its socket and pair are closed.</summary>
    public Task<ChannelRelayResult> HostRelay { get; }

    public Task<ChannelRelayResult> GuestRelay { get; }

    public static async Task<RelayRig> BuildAsync(bool hostHasHalfClose = true, bool usesRings = true)
    {
        LinkPair link = await SocketLinks.CreateUnixAsync();
        BusPair bus = await BusPair.ConnectAsync(
            usesRings ? link : new LinkPair(new PlainStream(link.Host), link.Guest, link.CleanUp));
        (BusChannelPair host, BusChannelPair guest) = await bus.OpenAsync();
        return new RelayRig(bus, host, guest, await SocketPair.ConnectAsync(), await SocketPair.ConnectAsync(), hostHasHalfClose);
    }

    public Task CancelHostAsync() => cancelHost.CancelAsync();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        Server.Dispose();
        await Task.WhenAll(HostRelay, GuestRelay).WaitAsync(BusPair.StepLimit);
        await Bus.DisposeAsync();
        cancelHost.Dispose();
    }

    private static async Task<ChannelRelayResult> RunAsync(
        SocketPair sockets, BusChannelPair pair, ChannelRelayOptions? options, CancellationToken cancellationToken)
    {
        ChannelRelayResult result = await ChannelRelay.RunAsync(sockets.RelayStream, pair, options, cancellationToken);
        await sockets.RelayStream.DisposeAsync();
        await pair.DisposeAsync();
        return result;
    }
}

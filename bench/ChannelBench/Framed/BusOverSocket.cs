using System.IO.Pipelines;
using VpcComApi.VpcBus;

namespace VpcComApi.ChannelBench.Framed;

/// <summary>A pair of bus channels, their bytes in frames or in rings.</summary>
internal sealed class BusOverSocket : ChannelOverSocket
{
    private const string Service = "bench";

    private readonly BusConnection host;
    private readonly BusConnection guest;

    private BusOverSocket(string name, BusConnection host, BusConnection guest, BusChannelPair near, BusChannelPair far)
        : base(name)
    {
        this.host = host;
        this.guest = guest;
        Near = new PairEnd(near);
        Far = new PairEnd(far);
    }

    /// <inheritdoc/>
    public override IDuplexPipe Near { get; }

    /// <inheritdoc/>
    public override IDuplexPipe Far { get; }

    /// <summary>Opens a bus and one pair on it.</summary>
    /// <param name="useRings">Whether the bytes go through shared memory instead of the socket.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public static async Task<BusOverSocket> OpenAsync(bool useRings, CancellationToken cancellationToken)
    {
        (Stream near, Stream far) = await JoinedStreamsAsync(cancellationToken);
        Task<BusConnection> establishing = BusConnection.EstablishAsync(far, Options(BusSide.Guest, useRings), cancellationToken);
        BusConnection host = await BusConnection.EstablishAsync(near, Options(BusSide.Host, useRings), cancellationToken);
        BusConnection guest = await establishing;
        Task<BusChannelPair> offering = host.OfferAsync(Service, cancellationToken);
        BusChannelOffer offer = await guest.ReceiveOfferAsync(cancellationToken) ?? throw new InvalidOperationException(
            "The bus has ended.");
        BusChannelPair accepted = await offer.AcceptAsync(cancellationToken);
        return new BusOverSocket(useRings ? "VPCBus, rings" : "VPCBus, framed", host, guest, await offering, accepted);
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await Task.WhenAll(host.CloseAsync(), guest.CloseAsync());
        await host.DisposeAsync();
        await guest.DisposeAsync();
    }

    private static BusOptions Options(BusSide side, bool useRings) =>
        new() { Side = side, ComponentVersion = "bench", Window = Window, UseRings = useRings };

    private sealed class PairEnd(BusChannelPair pair) : IDuplexPipe
    {
        public PipeReader Input => pair.Input;

        public PipeWriter Output => pair.Output;
    }
}

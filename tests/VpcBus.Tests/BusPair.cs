using VpcComApi.VpcBus.Tests.Links;

namespace VpcComApi.VpcBus.Tests;

/// <summary>A bus with both its sides in this process.</summary>
internal sealed class BusPair : IAsyncDisposable
{
    /// <summary>No single step of a test takes longer.</summary>
    public static readonly TimeSpan StepLimit = TimeSpan.FromSeconds(20);

    private readonly LinkPair link;

    private BusPair(LinkPair link, BusConnection host, BusConnection guest)
    {
        this.link = link;
        Host = host;
        Guest = guest;
    }

    public BusConnection Host { get; }

    public BusConnection Guest { get; }

    public static BusOptions Options(BusSide side) => new() { Side = side, ComponentVersion = $"{side} 1.0" };

    public static async Task<BusPair> ConnectAsync(LinkPair link, BusOptions? host = null, BusOptions? guest = null)
    {
        Task<BusConnection> hosting = BusConnection.EstablishAsync(link.Host, host ?? Options(BusSide.Host));
        Task<BusConnection> visiting = BusConnection.EstablishAsync(link.Guest, guest ?? Options(BusSide.Guest));
        await Task.WhenAll(hosting, visiting).WaitAsync(StepLimit);
        return new BusPair(link, await hosting, await visiting);
    }

    /// <summary>Opens a pair from the host and returns both ends.</summary>
    public Task<(BusChannelPair Host, BusChannelPair Guest)> OpenAsync(string service = "test") => OpenAsync(Host, Guest, service);

    /// <summary>Opens a pair from the guest and returns both ends.</summary>
    public async Task<(BusChannelPair Host, BusChannelPair Guest)> OpenFromGuestAsync(string service = "test")
    {
        (BusChannelPair guest, BusChannelPair host) = await OpenAsync(Guest, Host, service);
        return (host, guest);
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(Host.DisposeAsync().AsTask(), Guest.DisposeAsync().AsTask()).WaitAsync(StepLimit);
        await link.DisposeAsync();
    }

    private static async Task<(BusChannelPair Offerer, BusChannelPair Accepter)> OpenAsync(
        BusConnection offerer, BusConnection accepter, string service)
    {
        Task<BusChannelPair> offering = offerer.OfferAsync(service);
        BusChannelOffer? offer = await accepter.ReceiveOfferAsync().AsTask().WaitAsync(StepLimit);
        Assert.That(
            offer?.Service, Is.EqualTo(service), () =>
                $"The accepter's bus: {accepter.Completion.Exception?.InnerException?.ToString() ?? $"{accepter.Completion.Status}"}");
        BusChannelPair accepted = await offer!.AcceptAsync();
        return (await offering.WaitAsync(StepLimit), accepted);
    }
}

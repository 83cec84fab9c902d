using VpcComApi.VpcBus;

namespace VpcComApi.Fuzz;

/// <summary>
/// What a guest may write after a valid hello, to a host that has offered a pair itself, accepts every offer and sends everything back. In
/// every case the bus ends in time with a bus error, and nothing is left open.
/// </summary>
internal static class FrameTarget
{
    /// <summary>A run that takes longer hangs.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private static readonly byte[] Greeting =
    [
        .. "VPCBus\r\n"u8, 38, 0, 0, 0, 1, 0, 1, 0, 1, 0, 0, 0, 0, 0x10, 0, 0, 40, 0, 0, 0, 10, 0, 0, 0, .. new byte[16], 0, 0,
        6, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    ];

    public static void Run(byte[] input) => RunAsync(input).WaitAsync(Limit).GetAwaiter().GetResult();

    private static async Task RunAsync(byte[] input)
    {
        // Hello, hello reply and the offer go out before the guest's bytes are read.
        FedStream link = new([.. Greeting, .. input], heldBack: Greeting.Length, writesBefore: 3);
        BusConnection bus = await BusConnection.EstablishAsync(link, new BusOptions
        {
            Side = BusSide.Host, ComponentVersion = "fuzz", CloseTimeout = TimeSpan.FromSeconds(1), MaxChannelPairs = 8,
            MaxPendingOffers = 8,
            Window = 8192,
        });
        Task[] work = [OfferAsync(bus), ServeAsync(bus)];
        try
        {
            await bus.Completion;
        }
        catch (BusException)
        {
            // The expected end.
        }

        await Task.WhenAll(work);
        await bus.DisposeAsync();
        if (bus.Channels.Count > 0)
        {
            throw new InvalidOperationException("Channels are left behind.");
        }
    }

    private static async Task OfferAsync(BusConnection bus)
    {
        try
        {
            await EchoAsync(await bus.OfferAsync("host"));
        }
        catch (BusException)
        {
            // Refused, or the bus ended.
        }
    }

    private static async Task ServeAsync(BusConnection bus)
    {
        List<Task> echoes = [];
        while (await bus.ReceiveOfferAsync() is { } offer)
        {
            try
            {
                echoes.Add(EchoAsync(await offer.AcceptAsync()));
            }
            catch (BusException)
            {
                // Withdrawn, or above the limit.
            }
        }

        await Task.WhenAll(echoes);
    }

    private static async Task EchoAsync(BusChannelPair pair)
    {
        try
        {
            await pair.Input.CopyToAsync(pair.Output);
            await pair.Output.CompleteAsync();
            await pair.Input.CompleteAsync();
            await pair.Completion;
        }
        catch (BusException)
        {
            // Reset, or the bus ended.
        }
    }
}

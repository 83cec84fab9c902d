namespace VpcComApi.VpcBus.Rings;

/// <summary>
/// The exchange after the hello replies when both hellos have offered rings in the same way: the host announces its rings with the data
/// that belongs to them, and the guest answers with one byte whether it uses them. If any part of this fails, the bus works without rings.
/// </summary>
internal static class RingGreeting
{
    /// <summary>Sent by a side that has rings.</summary>
    private const byte Yes = 1;

    /// <summary>Sent by a side that has no rings.</summary>
    private const byte No = 0;

    /// <summary>Makes or takes the rings.</summary>
    /// <param name="handover">Where they come from.</param>
    /// <param name="link">The link, after the hello replies were exchanged.</param>
    /// <param name="options">Who this side is.</param>
    /// <param name="peer">Who the other side is.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>Null when there are none.</returns>
    /// <exception cref="IOException">The link failed.</exception>
    public static Task<RingBus?> RunAsync(
        RingHandover handover, Stream link, BusOptions options, BusPeer peer, CancellationToken cancellationToken) =>
        options.Side == BusSide.Host
            ? OfferAsync(handover, link, options, peer, cancellationToken)
            : TakeAsync(handover, link, cancellationToken);

    private static async Task<RingBus?> OfferAsync(
        RingHandover handover, Stream link, BusOptions options, BusPeer peer, CancellationToken cancellationToken)
    {
        RingBus? rings = await handover.GiveAsync(link, options, peer, cancellationToken);
        try
        {
            if (rings is null)
            {
                await link.WriteAsync(new[] { No }, cancellationToken);
            }

            byte[] answer = new byte[1];
            await link.ReadExactlyAsync(answer, cancellationToken);
            if (answer[0] == Yes && rings is not null)
            {
                return rings;
            }
        }
        catch
        {
            rings?.Close();
            throw;
        }

        rings?.Close();
        return null;
    }

    private static async Task<RingBus?> TakeAsync(RingHandover handover, Stream link, CancellationToken cancellationToken)
    {
        RingBus? rings = await handover.TakeAsync(link, cancellationToken);
        try
        {
            await link.WriteAsync(new[] { rings is null ? No : Yes }, cancellationToken);
            return rings;
        }
        catch
        {
            rings?.Close();
            throw;
        }
    }
}

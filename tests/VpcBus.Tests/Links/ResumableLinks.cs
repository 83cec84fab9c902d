using VpcComApi.VpcBus.Links;

namespace VpcComApi.VpcBus.Tests.Links;

/// <summary>Resumable links whose two ends are in this process.</summary>
internal static class ResumableLinks
{
    public static ResumableStreamOptions Options(BusSide side) => new() { Side = side };

    /// <summary>Over a port that is cut now and then.</summary>
    public static Task<LinkPair> CreateAsync(
        LossyPort port, ResumableStreamOptions? host = null, ResumableStreamOptions? guest = null) =>
        CreateAsync(port.ConnectHostAsync, port.OpenGuestAsync, host, guest);

    /// <summary>Over one intact link. The caller cleans up after it.</summary>
    public static async Task<LinkPair> CreateAsync(
        LinkPair whole, ResumableStreamOptions? host = null, ResumableStreamOptions? guest = null)
    {
        LinkPair link = await CreateAsync(_ => Task.FromResult(whole.Host), _ => Task.FromResult(whole.Guest), host, guest);
        return new LinkPair(link.Host, link.Guest, whole.CleanUp);
    }

    private static async Task<LinkPair> CreateAsync(
        Func<CancellationToken, Task<Stream>> host,
        Func<CancellationToken, Task<Stream>> guest,
        ResumableStreamOptions? hostOptions,
        ResumableStreamOptions? guestOptions)
    {
        using CancellationTokenSource limit = new(BusPair.StepLimit);
        Task<ResumableStream> hosting = ResumableStream.ConnectAsync(host, hostOptions ?? Options(BusSide.Host), limit.Token);
        Task<ResumableStream> visiting = ResumableStream.ConnectAsync(guest, guestOptions ?? Options(BusSide.Guest), limit.Token);
        await Task.WhenAll(hosting, visiting);
        return new LinkPair(await hosting, await visiting);
    }
}

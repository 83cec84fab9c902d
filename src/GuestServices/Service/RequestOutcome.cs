using VpcComApi.VpcBus.Integration;

namespace VpcComApi.GuestServices.Service;

/// <summary>What comes of a request: an answer, and for what ends sessions or the guest, an announcement and a deed after it.</summary>
/// <param name="Response">The answer; sent first.</param>
/// <param name="Announcement">What the host is told then, or null.</param>
/// <param name="Begin">What is done last; there when <paramref name="Announcement"/> is.</param>
internal sealed record RequestOutcome(
    Response Response, IntegrationMessage? Announcement = null, Func<CancellationToken, Task>? Begin = null);

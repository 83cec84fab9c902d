using VpcComApi.VpcBus.Integration;

namespace VpcComApi.GuestServices.Service;

/// <summary>
/// The result of a request: an answer, and, for requests that end sessions or the guest, an announcement and an action after it.
/// </summary>
/// <param name="Response">The answer; sent first.</param>
/// <param name="Announcement">The message that is sent next, or null.</param>
/// <param name="Begin">The action that is done last; not null when <paramref name="Announcement"/> is.</param>
internal sealed record RequestOutcome(
    Response Response, IntegrationMessage? Announcement = null, Func<CancellationToken, Task>? Begin = null);

using VpcComApi.VpcBus.Integration;

namespace VpcComApi.GuestServices.Machines;

/// <summary>
/// Informs the host about events in the guest. Failures are not reported: a host that has disconnected gets the facts when it connects
/// again.
/// </summary>
internal interface IHostNotifier
{
    /// <summary>Sends a message.</summary>
    /// <param name="message">The event.</param>
    /// <returns>Whether it was sent to the host.</returns>
    Task<bool> NotifyAsync(IntegrationMessage message);

    /// <summary>Sends the facts, because one of them has changed.</summary>
    Task SendFactsAsync();
}

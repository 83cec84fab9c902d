using VpcComApi.VpcBus.Integration;

namespace VpcComApi.GuestServices.Machines;

/// <summary>
/// Tells the host what happens in the guest by itself. It fails silently: a host that has gone learns the rest when it comes back.
/// </summary>
internal interface IHostNotifier
{
    /// <summary>Sends a message.</summary>
    /// <param name="message">What has happened.</param>
    /// <returns>Whether it is on its way to the host.</returns>
    Task<bool> TellAsync(IntegrationMessage message);

    /// <summary>Sends the facts, because one of them has changed.</summary>
    Task TellFactsAsync();
}

using VpcComApi.VirtualMachines.Networks;

namespace VpcComApi.VirtualMachines.Providers;

/// <summary>The cables of a machine's network cards, which can be plugged in elsewhere while it runs.</summary>
public interface INetworkCables
{
    /// <summary>Plugs a card's cable in.</summary>
    /// <param name="card">The card's number.</param>
    /// <param name="network">What it is plugged into from now on; null to leave it loose.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="VirtualMachineException">There is no such card, the provider failed, or the machine has ended.</exception>
    Task PlugAsync(int card, VirtualNetworkKind? network, CancellationToken cancellationToken);
}

using System.Security.Cryptography;
using System.Text;
using VpcComApi.VirtualMachines.Networks;
using VpcComApi.VirtualMachines.PhysicalHost;

namespace VpcComApi.VirtualMachines.Machines;

/// <summary>
/// The virtual networks of the host: the internal one, the shared one, and one for each host adapter. They follow from the host and are
/// kept in no file; a machine's file says which one each card is attached to.
/// </summary>
/// <param name="host">The application.</param>
internal sealed class VirtualNetworkList(VirtualMachineHost host)
{
    private const int IdLength = FixedNetworks.IdLength;

    /// <summary>How long a look at the host's adapters holds: reading many cards must not list the adapters as often.</summary>
    private static readonly TimeSpan LookHolds = TimeSpan.FromSeconds(1);

    private readonly Lock sync = new();
    private readonly Dictionary<string, VirtualNetwork> adapterNetworks = new(StringComparer.OrdinalIgnoreCase);
    private IReadOnlyList<VirtualNetwork> present = [];
    private long? lookedAt;
    private VirtualNetwork? internalNetwork;
    private VirtualNetwork? sharedNetwork;

    /// <summary>The network without the host.</summary>
    public VirtualNetwork Internal =>
        internalNetwork ??= new VirtualNetwork(this, VirtualNetworkKind.Internal, FixedNetworks.InternalName, FixedNetworks.InternalId);

    /// <summary>The network behind address translation.</summary>
    public VirtualNetwork Shared =>
        sharedNetwork ??= new VirtualNetwork(this, VirtualNetworkKind.Shared, FixedNetworks.SharedName, FixedNetworks.SharedId);

    /// <summary>All that can be used now.</summary>
    public IReadOnlyList<VirtualNetwork> All
    {
        get
        {
            lock (sync)
            {
                if (lookedAt is null || host.TimeProvider.GetElapsedTime(lookedAt.Value) > LookHolds)
                {
                    present = [Internal, Shared, .. host.Computer.NetworkAdapters.Where(HasOwnName).Select(NetworkOf)];
                    lookedAt = host.TimeProvider.GetTimestamp();
                }

                return present;
            }
        }
    }

    /// <summary>Finds a network by its name, ignoring case.</summary>
    /// <param name="name">The name.</param>
    public VirtualNetwork? Find(string name) =>
        All.FirstOrDefault(network => string.Equals(network.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Finds the network that a file names. A file from another computer has other ids for the same names.</summary>
    /// <param name="id">The id.</param>
    /// <param name="name">The name.</param>
    public VirtualNetwork? Find(byte[] id, string name) => All.FirstOrDefault(network => network.HasId(id)) ?? Find(name);

    /// <summary>Whether a network can be used now.</summary>
    public bool Contains(VirtualNetwork network) => All.Contains(network);

    /// <summary>The cards that are attached to a network.</summary>
    public IReadOnlyList<NetworkCard> CardsOf(VirtualNetwork network) => Cards(card => card.TryGetNetwork() == network);

    /// <summary>The cards of registered machines that are attached to none.</summary>
    public IReadOnlyList<NetworkCard> UnconnectedCards => Cards(card => !card.IsAttached);

    private List<NetworkCard> Cards(Func<NetworkCard, bool> condition)
    {
        List<NetworkCard> cards = [];
        foreach (VirtualMachine machine in host.VirtualMachines)
        {
            try
            {
                cards.AddRange(machine.NetworkCards.Where(condition));
            }
            catch (VirtualMachineException)
            {
                // Unregistered or damaged meanwhile: it is no longer among the machines.
            }
        }

        return cards;
    }

    private static bool HasOwnName(HostNetworkAdapter adapter) =>
        !string.Equals(adapter.Name, FixedNetworks.InternalName, StringComparison.OrdinalIgnoreCase)
        && !string.Equals(adapter.Name, FixedNetworks.SharedName, StringComparison.OrdinalIgnoreCase);

    private VirtualNetwork NetworkOf(HostNetworkAdapter adapter)
    {
        if (!adapterNetworks.TryGetValue(adapter.Name, out VirtualNetwork? network))
        {
            network = new VirtualNetwork(this, VirtualNetworkKind.HostAdapter, adapter.Name, IdOf(adapter), adapter);
            adapterNetworks.Add(adapter.Name, network);
        }

        return network;
    }

    /// <summary>The same adapter has the same id whenever the application starts.</summary>
    private static byte[] IdOf(HostNetworkAdapter adapter) =>
        SHA256.HashData(Encoding.UTF8.GetBytes(adapter.Name.ToUpperInvariant()))[..IdLength];
}

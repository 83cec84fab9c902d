using System.Runtime.InteropServices.Marshalling;
using VpcComApi.ComServer.Activation;
using VpcComApi.ComServer.Automation;
using VpcComApi.Interop;
using VpcComApi.VirtualMachines.Machines;

namespace VpcComApi.ComServer.Adapters;

/// <summary>VMNetworkAdapter: a network card of a machine.</summary>
/// <param name="application">The domain and the machinery.</param>
/// <param name="card">The card.</param>
[GeneratedComClass]
internal sealed partial class NetworkAdapterAdapter(Application application, NetworkCard card)
    : VMNetworkAdapterBase(application.Dispatcher), IDescribedObject
{
    /// <inheritdoc/>
    public ExternalConnections Connections { get; } = new(application.Served);

    /// <inheritdoc/>
    public ServedClass Class => application.NetworkAdapterClass;

    /// <summary>The card.</summary>
    public NetworkCard Card => card;

    /// <inheritdoc/>
    public override void _ID(out int identifier)
    {
        _ = card.Machine;
        identifier = card.Id;
    }

    /// <inheritdoc/>
    public override IVMVirtualMachine get_VirtualMachine() => application.AdapterOf(card.Machine);

    /// <inheritdoc/>
    public override void AttachToVirtualNetwork(IVMVirtualNetwork? virtualNetwork) =>
        card.AttachTo(Arguments.RequireNetwork(virtualNetwork, "AttachToVirtualNetwork"));

    /// <inheritdoc/>
    public override void DetachFromVirtualNetwork() => card.Detach();

    /// <inheritdoc/>
    public override int get_VirtualNetwork(out IVMVirtualNetwork? virtualNetwork)
    {
        VirtualNetwork? network = card.Network;
        virtualNetwork = network is null ? null : application.AdapterOf(network);
        return network is null ? HResults.S_FALSE : HResults.S_OK;
    }

    /// <inheritdoc/>
    public override string get_EthernetAddress() => card.EthernetAddress;

    /// <inheritdoc/>
    public override void put_EthernetAddress(string? ethernetAddress) => card.EthernetAddress = ethernetAddress ?? string.Empty;

    /// <inheritdoc/>
    public override bool get_IsEthernetAddressDynamic() => card.IsEthernetAddressDynamic;

    /// <inheritdoc/>
    public override void put_IsEthernetAddressDynamic(bool isDynamic) => card.IsEthernetAddressDynamic = isDynamic;
}

using System.Runtime.InteropServices.Marshalling;
using VpcComApi.ComServer.Activation;
using VpcComApi.ComServer.Automation;
using VpcComApi.Interop;
using VpcComApi.VirtualMachines.Machines;

namespace VpcComApi.ComServer.Adapters;

/// <summary>VMVirtualNetwork: a virtual switch.</summary>
/// <param name="application">The domain and the machinery.</param>
/// <param name="network">The network.</param>
[GeneratedComClass]
internal sealed partial class VirtualNetworkAdapter(Application application, VirtualNetwork network)
    : VMVirtualNetworkBase(application.Dispatcher), IDescribedObject
{
    /// <inheritdoc/>
    public ExternalConnections Connections { get; } = new(application.Served);

    /// <inheritdoc/>
    public ServedClass Class => application.VirtualNetworkClass;

    /// <summary>The network.</summary>
    public VirtualNetwork Network => network;

    /// <inheritdoc/>
    public override void _ID(out object? virtualNetworkID) => virtualNetworkID = network.Id;

    /// <inheritdoc/>
    public override string get_Name() => network.Name;

    /// <inheritdoc/>
    public override bool get_MediaType() => network.IsWireless;

    /// <inheritdoc/>
    public override string get_HostAdapter() => network.HostAdapter;

    /// <inheritdoc/>
    public override IVMNetworkAdapterCollection get_NetworkAdapters() =>
        new NetworkAdapterCollectionAdapter(application, network.NetworkCards);
}

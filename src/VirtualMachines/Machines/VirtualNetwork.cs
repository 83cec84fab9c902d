using VpcComApi.VirtualMachines.Networks;
using VpcComApi.VirtualMachines.PhysicalHost;

namespace VpcComApi.VirtualMachines.Machines;

/// <summary>
/// A virtual switch that network cards of machines are attached to. One object a network, for as long as the application lives.
/// </summary>
public sealed class VirtualNetwork
{
    private readonly VirtualNetworkList networks;
    private readonly HostNetworkAdapter? adapter;
    private readonly byte[] id;

    internal VirtualNetwork(
        VirtualNetworkList networks, VirtualNetworkKind kind, string name, byte[] id, HostNetworkAdapter? adapter = null)
    {
        this.networks = networks;
        this.adapter = adapter;
        this.id = id;
        Kind = kind;
        Name = name;
    }

    /// <summary>What it connects machines with.</summary>
    public VirtualNetworkKind Kind { get; }

    /// <summary>Its name, unique ignoring case; that of a host adapter's network is the adapter's.</summary>
    public string Name { get; }

    /// <summary>A copy of its id: 16 bytes. That of the shared network is the byte 01 sixteen times.</summary>
    public byte[] Id => [.. id];

    /// <summary>Whether its host adapter is a wireless one.</summary>
    public bool IsWireless => adapter?.IsWireless ?? false;

    /// <summary>The name of its host adapter; empty for the internal and the shared network.</summary>
    /// <exception cref="VirtualMachineException"><see cref="VirtualMachineError.HostAdapterNotFound"/>: the adapter is gone.</exception>
    public string HostAdapter => IsPresent
        ? adapter?.Name ?? string.Empty
        : throw new VirtualMachineException(
            VirtualMachineError.HostAdapterNotFound,
            $"The host has no network adapter '{Name}' any more. Switch it on, or attach the cards to another network.");

    /// <summary>The network cards of registered machines that are attached to it, by machine.</summary>
    public IReadOnlyList<NetworkCard> NetworkCards => networks.CardsOf(this);

    /// <summary>Whether it can be used: its host adapter, if it has one, is there.</summary>
    internal bool IsPresent => adapter is null || networks.Contains(this);

    /// <summary>Whether an id is this network's.</summary>
    internal bool HasId(byte[] other) => id.AsSpan().SequenceEqual(other);
}

using VpcComApi.VirtualMachines.Configuration;
using VpcComApi.VirtualMachines.Networks;

namespace VpcComApi.VirtualMachines.Machines;

/// <summary>One network card of a machine. What it is stands in the machine's .vmc file; the object only knows which one it is.</summary>
/// <remarks>
/// Every member fails with <see cref="VirtualMachineError.MachineUnknown"/> when the machine is no longer registered, or the card was
/// removed.
/// </remarks>
public sealed class NetworkCard
{
    private readonly MachineNetworkCards cards;
    private readonly VirtualNetworkList networks;

    internal NetworkCard(MachineNetworkCards cards, VirtualNetworkList networks, int id)
    {
        this.cards = cards;
        this.networks = networks;
        Id = id;
    }

    /// <summary>Its number in the machine, from 0.</summary>
    public int Id { get; }

    /// <summary>Its machine.</summary>
    public VirtualMachine Machine
    {
        get
        {
            _ = Values;
            return cards.Machine;
        }
    }

    /// <summary>The network it is attached to, or null.</summary>
    /// <exception cref="VirtualMachineException">
    /// <see cref="VirtualMachineError.VirtualNetworkUnknown"/>: that network is not there any more.
    /// </exception>
    public VirtualNetwork? Network
    {
        get
        {
            if (!IsAttached)
            {
                return null;
            }

            return TryGetNetwork() ?? throw new VirtualMachineException(
                VirtualMachineError.VirtualNetworkUnknown,
                $"Network card {Id} of the machine '{cards.Machine.Name}' is attached to '{Text(ConfigurationKeys.NetworkName)}', which is "
                    + "no virtual network of this host. Attach it to another one, or detach it.");
        }
    }

    /// <summary>
    /// The Ethernet address, as <c>00-03-FF-12-34-56</c>; all zeros until the first start, or until it is set. Set only while it is not
    /// dynamic; a machine that runs shows its guest the new one when it starts next.
    /// </summary>
    /// <exception cref="VirtualMachineException">
    /// <see cref="VirtualMachineError.InvalidArgument"/>: not six bytes in that form, or the address of a group;
    /// <see cref="VirtualMachineError.DynamicAddressNotSettable"/>; or the file could not be written.
    /// </exception>
    public string EthernetAddress
    {
        get => Address.ToString();
        set
        {
            if (!Networks.EthernetAddress.TryParse(value, out EthernetAddress? address))
            {
                throw new VirtualMachineException(
                    VirtualMachineError.InvalidArgument,
                    $"'{value}' is no Ethernet address of a card. Its form is 00-03-FF-12-34-56, and its first byte is even.");
            }

            if (IsEthernetAddressDynamic)
            {
                throw new VirtualMachineException(
                    VirtualMachineError.DynamicAddressNotSettable,
                    $"The Ethernet address of network card {Id} of the machine '{cards.Machine.Name}' is generated. "
                        + "Set IsEthernetAddressDynamic to False first.");
            }

            Change(ConfigurationKeys.EthernetAddress, address.ToBytes());
        }
    }

    /// <summary>Whether the address is generated at the machine's next start when there is none yet; true unless set otherwise.</summary>
    public bool IsEthernetAddressDynamic
    {
        get => !(Values.TryGetValue(ConfigurationKeys.StaticAddress(Id), out object? isStatic) && isStatic is true);
        set
        {
            if (value == IsEthernetAddressDynamic)
            {
                return;
            }

            cards.Change(ConfigurationKeys.StaticAddress(Id), !value);
            if (value)
            {
                // What was set by hand is none that was generated.
                Change(ConfigurationKeys.EthernetAddress, Networks.EthernetAddress.None.ToBytes());
            }
        }
    }

    /// <summary>Whether it is attached to a network, be that there or not.</summary>
    internal bool IsAttached => Text(ConfigurationKeys.NetworkName).Length > 0 || NetworkId.Length > 0;

    /// <summary>Its address.</summary>
    internal EthernetAddress Address => Networks.EthernetAddress.FromBytes(Bytes(ConfigurationKeys.EthernetAddress));

    private byte[] NetworkId => Bytes(ConfigurationKeys.NetworkId);

    private XmlValueDocument Values => cards.ValuesOf(this);

    /// <summary>Attaches it to a network, and detaches it from the one before. Legal in every state.</summary>
    /// <param name="network">The network.</param>
    /// <exception cref="VirtualMachineException">
    /// <see cref="VirtualMachineError.VirtualNetworkUnknown"/>: the network is not there any more; or the file could not be written.
    /// </exception>
    public void AttachTo(VirtualNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        _ = Values;
        if (!network.IsPresent)
        {
            throw new VirtualMachineException(
                VirtualMachineError.VirtualNetworkUnknown,
                $"The virtual network '{network.Name}' is not there any more. Choose another one from VirtualNetworks.");
        }

        cards.ChangeCable(Id, network.Kind, () =>
        {
            Change(ConfigurationKeys.NetworkId, network.Id);
            Change(ConfigurationKeys.NetworkName, network.Name);
        });
    }

    /// <summary>Detaches it. A card that is attached to nothing stays so.</summary>
    /// <exception cref="VirtualMachineException">The file could not be written.</exception>
    public void Detach()
    {
        if (IsAttached)
        {
            cards.ChangeCable(Id, network: null, () =>
            {
                Change(ConfigurationKeys.NetworkId, Array.Empty<byte>());
                Change(ConfigurationKeys.NetworkName, string.Empty);
            });
        }
    }

    /// <summary>The network it is attached to, or null when there is none or it is not there any more.</summary>
    internal VirtualNetwork? TryGetNetwork() => IsAttached ? networks.Find(NetworkId, Text(ConfigurationKeys.NetworkName)) : null;

    private void Change(string part, object value)
    {
        _ = Values;
        cards.Change(ConfigurationKeys.OfNetworkCard(Id, part), value);
    }

    private string Text(string part) =>
        Values.TryGetValue(ConfigurationKeys.OfNetworkCard(Id, part), out object? value) && value is string text ? text : string.Empty;

    private byte[] Bytes(string part) =>
        Values.TryGetValue(ConfigurationKeys.OfNetworkCard(Id, part), out object? value) && value is byte[] bytes ? bytes : [];
}

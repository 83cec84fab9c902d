using System.Net.NetworkInformation;
using VpcComApi.VirtualMachines.Configuration;
using VpcComApi.VirtualMachines.Networks;
using VpcComApi.VirtualMachines.Providers;
using VpcComApi.VirtualMachines.VmcFiles;

namespace VpcComApi.VirtualMachines.Machines;

/// <summary>A machine's network cards, as they stand in the .vmc file. Each card is one object for as long as it is there.</summary>
/// <param name="context">What the machine's parts share.</param>
/// <param name="power">The machine's state.</param>
/// <param name="settings">Changes the configuration.</param>
/// <param name="live">Changes the cards of a machine that runs.</param>
internal sealed class MachineNetworkCards(MachineContext context, MachinePower power, MachineSettings settings, LiveHardware live)
{
    /// <summary>Guards <see cref="cards"/>.</summary>
    private readonly Lock sync = new();

    private readonly Dictionary<int, NetworkCard> cards = [];

    /// <summary>The machine, as callers see it.</summary>
    public VirtualMachine Machine => context.Machine;

    /// <inheritdoc cref="VirtualMachine.NetworkCards"/>
    public IReadOnlyList<NetworkCard> All
    {
        get
        {
            IReadOnlyList<int> numbers = MachineConfiguration.ReadNetworkCards(context.Values);
            lock (sync)
            {
                foreach (int removed in cards.Keys.Except(numbers).ToList())
                {
                    cards.Remove(removed);
                }

                return [.. numbers.Select(CardOf)];
            }
        }
    }

    /// <summary>The cards as a provider gets them.</summary>
    public IReadOnlyList<MachineNetworkCard> Configured =>
        [.. All.Select(card => new MachineNetworkCard(card.Id, new PhysicalAddress(card.Address.ToBytes()), card.TryGetNetwork()?.Kind))];

    /// <inheritdoc cref="VirtualMachine.AddNetworkCard"/>
    public NetworkCard Add()
    {
        int? added = null;
        power.InTurn(MachineOperation.ChangeHardware, () => context.Configuration.File.Update(document =>
        {
            added = MachineConfiguration.AddNetworkCard(document) ?? throw new VirtualMachineException(
                VirtualMachineError.IllegalValue,
                $"The machine '{context.Name}' has {MachineLimits.NetworkCards} network cards already, and can have no more.");
        }));
        RaiseChanged();
        lock (sync)
        {
            return CardOf(added!.Value);
        }
    }

    /// <inheritdoc cref="VirtualMachine.RemoveNetworkCard"/>
    public void Remove(NetworkCard card)
    {
        power.InTurn(MachineOperation.ChangeHardware, () =>
        {
            if (!All.Contains(card))
            {
                throw new VirtualMachineException(
                    VirtualMachineError.InvalidArgument,
                    $"The network card is not one of the machine '{context.Name}'. Take it from its NetworkAdapters.");
            }

            context.Configuration.File.Update(document => MachineConfiguration.RemoveNetworkCard(document, card.Id));
            lock (sync)
            {
                cards.Remove(card.Id);
            }
        });
        RaiseChanged();
    }

    /// <summary>The configuration, for a card that is still one of this machine's.</summary>
    /// <param name="card">The card.</param>
    /// <exception cref="VirtualMachineException">
    /// <see cref="VirtualMachineError.MachineUnknown"/>: the machine is no longer registered, or the card was removed.
    /// </exception>
    public XmlValueDocument ValuesOf(NetworkCard card)
    {
        XmlValueDocument values = context.Values;
        lock (sync)
        {
            if (cards.GetValueOrDefault(card.Id) == card)
            {
                return values;
            }
        }

        throw new VirtualMachineException(
            VirtualMachineError.MachineUnknown,
            $"Network card {card.Id} was removed from the machine '{context.Name}'. Ask for its cards anew.");
    }

    /// <summary>Changes a value of a card, in any state of the machine.</summary>
    /// <param name="key">The value's path.</param>
    /// <param name="value">The value.</param>
    public void Change(string key, object value) => settings.Set(MachineOperation.ChangeFreeSetting, key, value);

    /// <summary>Changes what a card is plugged into, in any state of the machine.</summary>
    /// <param name="card">The card's number.</param>
    /// <param name="network">The network; null for none.</param>
    /// <param name="change">Changes the configuration.</param>
    public void ChangeCable(int card, VirtualNetworkKind? network, Action change) => live.Change(
        "plug its network card in elsewhere",
        machine => machine.Can(MachineCapabilities.NetworkCables) ? token => machine.NetworkCables.PlugAsync(card, network, token) : null,
        change);

    /// <summary>
    /// The Ethernet addresses of the network cards of all other machines that this process knows. One that cannot be read has none.
    /// </summary>
    public HashSet<EthernetAddress> AddressesOfOthers()
    {
        HashSet<EthernetAddress> addresses = [];
        foreach (VirtualMachine other in context.Host.Catalogue.Loaded.Where(other => other != Machine))
        {
            try
            {
                addresses.UnionWith(other.NetworkCards.Select(card => card.Address));
            }
            catch (VirtualMachineException)
            {
                // Unregistered or damaged meanwhile.
            }
        }

        return addresses;
    }

    private NetworkCard CardOf(int number)
    {
        if (!cards.TryGetValue(number, out NetworkCard? card))
        {
            card = new NetworkCard(this, context.Host.VirtualNetworkList, number);
            cards.Add(number, card);
        }

        return card;
    }

    private void RaiseChanged() => context.RaiseConfigurationChanged(
        ConfigurationKeys.NetworkCardCount, MachineConfiguration.ReadNetworkCards(context.Configuration.File.Current).Count);
}

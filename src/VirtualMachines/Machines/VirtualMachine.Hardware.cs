using VpcComApi.VirtualMachines.Catalogue;
using VpcComApi.VirtualMachines.Configuration;
using VpcComApi.VirtualMachines.Networks;
using VpcComApi.VirtualMachines.PhysicalHost;
using VpcComApi.VirtualMachines.Providers;
using VpcComApi.VirtualMachines.Usage;
using VpcComApi.VirtualMachines.Usb;

namespace VpcComApi.VirtualMachines.Machines;

/// <content>Network cards, USB devices, the processor, and what the machine uses of the host.</content>
public sealed partial class VirtualMachine
{
    private readonly Dictionary<int, NetworkCard> networkCards = [];
    private MachineAccountant? accountant;

    /// <summary>The network cards, by number. The same card is the same object.</summary>
    /// <exception cref="VirtualMachineException">The machine is no longer registered, or its file could not be read.</exception>
    public IReadOnlyList<NetworkCard> NetworkCards
    {
        get
        {
            IReadOnlyList<int> numbers = MachineConfiguration.ReadNetworkCards(ReadValues());
            lock (sync)
            {
                foreach (int removed in networkCards.Keys.Except(numbers).ToList())
                {
                    networkCards.Remove(removed);
                }

                return [.. numbers.Select(NetworkCardOf)];
            }
        }
    }

    /// <summary>What the machine uses of the host; exists whether or not the machine runs.</summary>
    /// <exception cref="VirtualMachineException">The machine is no longer registered.</exception>
    public MachineAccountant Accountant
    {
        get
        {
            RequireRegistered();
            return accountant ?? Interlocked.CompareExchange(ref accountant, new MachineAccountant(() => Run?.Usage), null) ?? accountant;
        }
    }

    /// <summary>The processor that the machine shows its guest: the host's.</summary>
    /// <exception cref="VirtualMachineException">The machine is no longer registered.</exception>
    public ProcessorFacts Processor
    {
        get
        {
            RequireRegistered();
            return host.Computer.Processor;
        }
    }

    /// <summary>Adds a network card that is attached to no network. Only while the machine is off.</summary>
    /// <exception cref="VirtualMachineException">
    /// <see cref="VirtualMachineError.IllegalValue"/>: there are four already; the machine is not off; or the file could not be written.
    /// </exception>
    public NetworkCard AddNetworkCard()
    {
        int? added = null;
        InTurn(MachineOperation.ChangeHardware, () => Configuration.File.Update(document =>
        {
            added = MachineConfiguration.AddNetworkCard(document) ?? throw new VirtualMachineException(
                VirtualMachineError.IllegalValue, $"The machine '{Name}' has {MachineLimits.NetworkCards} network cards already, and can have no more.");
        }));
        OnNetworkCardsChanged();
        lock (sync)
        {
            return NetworkCardOf(added!.Value);
        }
    }

    /// <summary>Removes a network card. Only while the machine is off.</summary>
    /// <param name="card">The card.</param>
    /// <exception cref="VirtualMachineException">
    /// <see cref="VirtualMachineError.InvalidArgument"/>: the card is not this machine's; the machine is not off; or the file could not be written.
    /// </exception>
    public void RemoveNetworkCard(NetworkCard card)
    {
        ArgumentNullException.ThrowIfNull(card);
        InTurn(MachineOperation.ChangeHardware, () =>
        {
            if (!NetworkCards.Contains(card))
            {
                throw new VirtualMachineException(
                    VirtualMachineError.InvalidArgument, $"The network card is not one of the machine '{Name}'. Take it from its NetworkAdapters.");
            }

            Configuration.File.Update(document => MachineConfiguration.RemoveNetworkCard(document, card.Id));
            lock (sync)
            {
                networkCards.Remove(card.Id);
            }
        });
        OnNetworkCardsChanged();
    }

    /// <summary>Gives the machine a USB device of the host.</summary>
    /// <param name="device">The device.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="VirtualMachineException">
    /// <see cref="VirtualMachineError.MachineNotRunning"/>; <see cref="VirtualMachineError.IntegrationComponentsNotAvailable"/>: the guest service is not up;
    /// <see cref="VirtualMachineError.IntegrationFeatureNotAvailable"/>: the machine's provider has no USB;
    /// <see cref="VirtualMachineError.UsbDeviceTaken"/>, <see cref="VirtualMachineError.UsbPortsTaken"/>, <see cref="VirtualMachineError.UsbAttachFailed"/>.
    /// </exception>
    public async Task AttachUsbDeviceAsync(UsbDevice device, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(device);
        if (!DemandSession().IsReady)
        {
            throw new VirtualMachineException(
                VirtualMachineError.IntegrationComponentsNotAvailable,
                $"The machine '{Name}' cannot take over a USB device, because its guest service is not up. Wait for it, or install the integration components.");
        }

        IUsbController usb = Run?.Machine.Usb ?? throw new VirtualMachineException(
            VirtualMachineError.IntegrationFeatureNotAvailable, $"The provider of the machine '{Name}' cannot give it USB devices. Leave the device with the host.");
        host.UsbDeviceList.Take(device, this);
        try
        {
            await WithLimitAsync(
                token => usb.AttachAsync(device.Description, token), LifecycleLimits.Usb, "attach a USB device to", cancellationToken);
        }
        catch
        {
            host.UsbDeviceList.Return(device);
            throw;
        }
    }

    /// <summary>Gives a USB device back to the host.</summary>
    /// <param name="device">The device.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="VirtualMachineException">
    /// <see cref="VirtualMachineError.MachineNotRunning"/>; <see cref="VirtualMachineError.UsbDetachFailed"/>: this machine does not have it.
    /// </exception>
    public async Task DetachUsbDeviceAsync(UsbDevice device, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(device);
        DemandSession();
        if (device.Machine != this || Run?.Machine.Usb is not { } usb)
        {
            throw new VirtualMachineException(
                VirtualMachineError.UsbDetachFailed, $"The USB device '{device.Description.Name}' is not attached to the machine '{Name}'. Read its AttachedToVM.");
        }

        await WithLimitAsync(
            token => usb.DetachAsync(device.Description, token), LifecycleLimits.Usb, "detach a USB device from", cancellationToken);
        host.UsbDeviceList.Return(device);
    }

    /// <summary>The values of the .vmc file, as they are now.</summary>
    /// <exception cref="VirtualMachineException">The machine is no longer registered, or its file could not be read.</exception>
    internal XmlValueDocument ReadValues() => Registered().File.Current;

    /// <summary>Changes one value of the .vmc file, and tells of it.</summary>
    /// <param name="operation">What the state must allow.</param>
    /// <param name="key">The value's path.</param>
    /// <param name="value">The value.</param>
    internal void ChangeValue(MachineOperation operation, string key, object value) => Set(operation, key, value);

    /// <summary>Whether a card is still one of this machine's.</summary>
    internal bool HasNetworkCard(NetworkCard card)
    {
        lock (sync)
        {
            return networkCards.GetValueOrDefault(card.Id) == card;
        }
    }

    private MachineRun? Run
    {
        get
        {
            lock (sync)
            {
                return run;
            }
        }
    }

    private NetworkCard NetworkCardOf(int number)
    {
        if (!networkCards.TryGetValue(number, out NetworkCard? card))
        {
            card = new NetworkCard(this, host.VirtualNetworkList, number);
            networkCards.Add(number, card);
        }

        return card;
    }

    private void OnNetworkCardsChanged() =>
        OnConfigurationChanged(ConfigurationKeys.NetworkCardCount, MachineConfiguration.ReadNetworkCards(Configuration.File.Current).Count);
}

using System.Runtime.CompilerServices;
using VpcComApi.ComServer.Automation;
using VpcComApi.Interop;
using VpcComApi.VirtualMachines.Machines;
using VpcComApi.VirtualMachines.PhysicalHost;
using VpcComApi.VirtualMachines.SupportDrivers;
using VpcComApi.VirtualMachines.Usage;

namespace VpcComApi.ComServer.Adapters;

/// <content>The adapters of what the host has, and of what machines have of it.</content>
internal sealed partial class Application
{
    private readonly ConditionalWeakTable<HostComputer, HostInfoAdapter> computers = [];
    private readonly ConditionalWeakTable<MachineAccountant, AccountantAdapter> accountants = [];
    private readonly ConditionalWeakTable<NetworkCard, NetworkAdapterAdapter> networkCards = [];
    private readonly ConditionalWeakTable<VirtualNetwork, VirtualNetworkAdapter> virtualNetworks = [];
    private readonly ConditionalWeakTable<UsbDevice, UsbDeviceAdapter> usbDevices = [];
    private readonly ConditionalWeakTable<SupportDriver, SupportDriverAdapter> supportDrivers = [];

    /// <summary>Describes the host.</summary>
    public ServedClass HostInfoClass => ClassOf(Clsids.VMHostInfo);

    /// <summary>Describes accountants.</summary>
    public ServedClass AccountantClass => ClassOf(Clsids.VMAccountant);

    /// <summary>Describes network cards.</summary>
    public ServedClass NetworkAdapterClass => ClassOf(Clsids.VMNetworkAdapter);

    /// <summary>Describes virtual networks.</summary>
    public ServedClass VirtualNetworkClass => ClassOf(Clsids.VMVirtualNetwork);

    /// <summary>Describes USB devices.</summary>
    public ServedClass UsbDeviceClass => ClassOf(Clsids.VMUSBDevice);

    /// <summary>Describes support drivers.</summary>
    public ServedClass SupportDriverClass => ClassOf(Clsids.VMSupportDriver);

    /// <summary>The adapter of the host.</summary>
    public HostInfoAdapter AdapterOf(HostComputer computer) => computers.GetValue(computer, key => new HostInfoAdapter(this, key));

    /// <summary>The adapter of an accountant.</summary>
    public AccountantAdapter AdapterOf(MachineAccountant accountant) =>
        accountants.GetValue(accountant, key => new AccountantAdapter(this, key));

    /// <summary>The adapter of a network card.</summary>
    public NetworkAdapterAdapter AdapterOf(NetworkCard card) => networkCards.GetValue(card, key => new NetworkAdapterAdapter(this, key));

    /// <summary>The adapter of a virtual network.</summary>
    public VirtualNetworkAdapter AdapterOf(VirtualNetwork network) =>
        virtualNetworks.GetValue(network, key => new VirtualNetworkAdapter(this, key));

    /// <summary>The adapter of a USB device.</summary>
    public UsbDeviceAdapter AdapterOf(UsbDevice device) => usbDevices.GetValue(device, key => new UsbDeviceAdapter(this, key));

    /// <summary>The adapter of a support driver.</summary>
    public SupportDriverAdapter AdapterOf(SupportDriver driver) =>
        supportDrivers.GetValue(driver, key => new SupportDriverAdapter(this, key));
}

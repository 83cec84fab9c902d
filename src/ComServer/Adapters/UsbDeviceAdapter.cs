using System.Runtime.InteropServices.Marshalling;
using VpcComApi.ComServer.Activation;
using VpcComApi.ComServer.Automation;
using VpcComApi.Interop;
using VpcComApi.VirtualMachines.Machines;

namespace VpcComApi.ComServer.Adapters;

/// <summary>VMUSBDevice: a USB device of the host.</summary>
/// <param name="application">The domain and the machinery.</param>
/// <param name="device">The device.</param>
[GeneratedComClass]
internal sealed partial class UsbDeviceAdapter(
    Application application, UsbDevice device) : VMUSBDeviceBase(application.Dispatcher), IDescribedObject
{
    /// <inheritdoc/>
    public ExternalConnections Connections { get; } = new(application.Served);

    /// <inheritdoc/>
    public ServedClass Class => application.UsbDeviceClass;

    /// <summary>The device.</summary>
    public UsbDevice Device => device;

    /// <inheritdoc/>
    public override string get_DeviceString() => device.Description.Name;

    /// <inheritdoc/>
    public override string get_ManufacturerString() => device.Description.Manufacturer;

    /// <inheritdoc/>
    public override int get_AttachedToVM(out string? ConfigName)
    {
        VirtualMachine? machine = device.Machine;
        ConfigName = machine?.Name ?? string.Empty;
        return machine is null ? HResults.S_FALSE : HResults.S_OK;
    }

    /// <inheritdoc/>
    public override int get_HubID() => device.Description.HubId;

    /// <inheritdoc/>
    public override int get_Port() => device.Description.Port;

    /// <inheritdoc/>
    public override VMUSBDeviceClassEnum get_DeviceClass() => (VMUSBDeviceClassEnum)device.Description.DeviceClass;
}

using VpcComApi.Interop;
using VpcComApi.VirtualMachines.Machines;

namespace VpcComApi.ComServer.Adapters;

/// <content>Network cards, USB devices, the processor, and what the machine uses of the host.</content>
internal sealed partial class VirtualMachineAdapter
{
    /// <inheritdoc/>
    public override IVMAccountant get_Accountant() => application.AdapterOf(Machine.Accountant);

    /// <inheritdoc/>
    public override IVMNetworkAdapter AddNetworkAdapter() => application.AdapterOf(Machine.AddNetworkCard());

    /// <inheritdoc/>
    public override void RemoveNetworkAdapter(IVMNetworkAdapter? networkAdapter) =>
        Machine.RemoveNetworkCard(Arguments.RequireNetworkCard(networkAdapter, "RemoveNetworkAdapter"));

    /// <inheritdoc/>
    public override IVMNetworkAdapterCollection get_NetworkAdapters() =>
        new NetworkAdapterCollectionAdapter(application, Machine.NetworkCards);

    /// <inheritdoc/>
    public override int get_ProcessorSpeed() => Machine.Processor.Megahertz;

    /// <inheritdoc/>
    public override bool get_HasMMX() => Machine.Processor.HasMmx;

    /// <inheritdoc/>
    public override bool get_HasSSE() => Machine.Processor.HasSse;

    /// <inheritdoc/>
    public override bool get_HasSSE2() => Machine.Processor.HasSse2;

    /// <inheritdoc/>
    public override bool get_Has3DNow() => Machine.Processor.Has3DNow;

    /// <inheritdoc/>
    public override void AttachUSBDevice(IVMUSBDevice? inUSBDevice)
    {
        UsbDevice device = Arguments.RequireUsbDevice(inUSBDevice, "AttachUSBDevice");
        application.Wait(stopping => Machine.AttachUsbDeviceAsync(device, stopping));
    }

    /// <inheritdoc/>
    public override void DetachUSBDevice(IVMUSBDevice? inUSBDevice)
    {
        UsbDevice device = Arguments.RequireUsbDevice(inUSBDevice, "DetachUSBDevice");
        application.Wait(stopping => Machine.DetachUsbDeviceAsync(device, stopping));
    }
}

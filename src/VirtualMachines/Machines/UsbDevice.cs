using VpcComApi.VirtualMachines.PhysicalHost;

namespace VpcComApi.VirtualMachines.Machines;

/// <summary>A USB device of the host that a machine can take over. One object a device, for as long as it is plugged in.</summary>
public sealed class UsbDevice
{
    private readonly UsbDeviceList devices;

    internal UsbDevice(UsbDeviceList devices, HostUsbDevice description)
    {
        this.devices = devices;
        Description = description;
    }

    /// <summary>What the host says of it.</summary>
    public HostUsbDevice Description { get; }

    /// <summary>The machine that has it, or null while it is the host's.</summary>
    public VirtualMachine? Machine => devices.MachineOf(this);
}

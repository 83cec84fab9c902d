using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.VirtualMachines.Machines;

/// <summary>The host's USB devices that a running machine has.</summary>
/// <param name="context">What the machine's parts share.</param>
/// <param name="power">The machine's state.</param>
internal sealed class MachineUsb(MachineContext context, MachinePower power)
{
    /// <inheritdoc cref="VirtualMachine.AttachUsbDeviceAsync"/>
    public async Task AttachAsync(UsbDevice device, CancellationToken cancellationToken)
    {
        if (!power.DemandSession().IsReady)
        {
            throw new VirtualMachineException(
                VirtualMachineError.IntegrationComponentsNotAvailable,
                $"The machine '{context.Name}' cannot take over a USB device, because its guest service is not up. " +
                "Wait for it, or install the integration components.");
        }

        IRunningMachine machine = power.DemandRun().Machine;
        machine.Demand(MachineCapabilities.Usb, context.Name);
        context.Host.UsbDeviceList.Take(device, context.Machine);
        try
        {
            await context.CallProviderAsync(
                token =>
                    machine.Usb.AttachAsync(device.Description, token), LifecycleLimits.Usb, "attach a USB device to", cancellationToken);
        }
        catch
        {
            context.Host.UsbDeviceList.Return(device);
            throw;
        }
    }

    /// <inheritdoc cref="VirtualMachine.DetachUsbDeviceAsync"/>
    public async Task DetachAsync(UsbDevice device, CancellationToken cancellationToken)
    {
        power.DemandSession();
        if (device.Machine != context.Machine || power.Run?.Machine is not { } machine || !machine.Can(MachineCapabilities.Usb))
        {
            throw new VirtualMachineException(
                VirtualMachineError.UsbDetachFailed,
                $"The USB device '{device.Description.Name}' is not attached to the machine '{context.Name}'. Read its AttachedToVM.");
        }

        await context.CallProviderAsync(
            token =>
                machine.Usb.DetachAsync(device.Description, token), LifecycleLimits.Usb, "detach a USB device from", cancellationToken);
        context.Host.UsbDeviceList.Return(device);
    }
}

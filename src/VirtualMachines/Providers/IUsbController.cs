using VpcComApi.VirtualMachines.PhysicalHost;

namespace VpcComApi.VirtualMachines.Providers;

/// <summary>
/// The USB of a running machine that can take over devices of the host. When the machine ends, they are the host's again.
/// </summary>
public interface IUsbController
{
    /// <summary>Plugs a device of the host into the machine.</summary>
    /// <param name="device">The device.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="VirtualMachineException"><see cref="VirtualMachineError.UsbAttachFailed"/>.</exception>
    Task AttachAsync(HostUsbDevice device, CancellationToken cancellationToken);

    /// <summary>Gives a device back to the host.</summary>
    /// <param name="device">The device.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="VirtualMachineException"><see cref="VirtualMachineError.UsbDetachFailed"/>.</exception>
    Task DetachAsync(HostUsbDevice device, CancellationToken cancellationToken);
}

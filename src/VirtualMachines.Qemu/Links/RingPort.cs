using VpcComApi.VirtualMachines.Qemu.Hardware;
using VpcComApi.VpcBus.Rings;

namespace VpcComApi.VirtualMachines.Qemu.Links;

/// <summary>
/// The host's end of the machine's ring device: its memory, and the doorbell's socket. Both exist as long as the machine runs.
/// </summary>
internal sealed class RingPort : IDisposable
{
    /// <summary>The name of the doorbell's socket in the machine's folder.</summary>
    private const string SocketName = "doorbell";

    private readonly UnixBusSocket doorbell;

    private RingPort(HostRingDevice device, string folder)
    {
        Device = device;
        doorbell = new UnixBusSocket(Path.Combine(folder, SocketName));
    }

    /// <summary>The device for a bus.</summary>
    public HostRingDevice Device { get; }

    /// <summary>QEMU's options for it.</summary>
    public RingBackend Backend => new(Device.MemoryPath, Device.Length, doorbell.Backend);

    /// <summary>Creates the memory.</summary>
    /// <param name="folder">The machine's folder.</param>
    /// <returns>Null when it is not available on this system.</returns>
    public static RingPort? TryMake(string folder) => HostRingDevice.TryCreate() is { } device ? new RingPort(device, folder) : null;

    /// <summary>Connects the doorbell to QEMU.</summary>
    /// <exception cref="IOException">QEMU does not answer.</exception>
    public void Open() => Device.Connect(doorbell.Connect());

    /// <summary>Releases all of it.</summary>
    public void Dispose()
    {
        doorbell.Dispose();
        Device.Dispose();
    }
}

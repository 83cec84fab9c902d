using VpcComApi.VirtualMachines.Qemu.Hardware;
using VpcComApi.VpcBus.Rings;

namespace VpcComApi.VirtualMachines.Qemu.Links;

/// <summary>
/// The host's end of the machine's ring device: its memory, and the doorbell behind a socket. Both are there as long as the machine.
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

    /// <summary>What a bus uses.</summary>
    public HostRingDevice Device { get; }

    /// <summary>The options that QEMU gets for it.</summary>
    public RingBackend Backend => new(Device.MemoryPath, Device.Length, doorbell.Backend);

    /// <summary>Makes the memory.</summary>
    /// <param name="folder">The machine's folder.</param>
    /// <returns>Null when there is none to be had here.</returns>
    public static RingPort? TryMake(string folder) => HostRingDevice.TryCreate() is { } device ? new RingPort(device, folder) : null;

    /// <summary>Connects the doorbell to QEMU.</summary>
    /// <exception cref="IOException">QEMU does not answer.</exception>
    public void Open() => Device.Connect(doorbell.Connect());

    /// <summary>Lets go of all of it.</summary>
    public void Dispose()
    {
        doorbell.Dispose();
        Device.Dispose();
    }
}

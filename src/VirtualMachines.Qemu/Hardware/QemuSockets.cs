using VpcComApi.VirtualMachines.Qemu.Disks;

namespace VpcComApi.VirtualMachines.Qemu.Hardware;

/// <summary>The sockets between QEMU and our process.</summary>
/// <param name="Bus">The options of the socket behind the bus device.</param>
/// <param name="SerialPorts">Those of the sockets behind the serial ports, COM1 first.</param>
/// <param name="Disks">The sockets of the disks that our process reads and writes, by the names of their block nodes.</param>
/// <param name="Rings">What is behind the ring device, or null when the machine has none.</param>
internal sealed record QemuSockets(
    string Bus, IReadOnlyList<string> SerialPorts, IReadOnlyDictionary<string, IDiskSocket> Disks, RingBackend? Rings = null);

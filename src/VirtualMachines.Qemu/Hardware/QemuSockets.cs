using VpcComApi.VirtualMachines.Qemu.Disks;

namespace VpcComApi.VirtualMachines.Qemu.Hardware;

/// <summary>The sockets between QEMU and this process.</summary>
/// <param name="Bus">The options of the bus device's socket.</param>
/// <param name="SerialPorts">The options of the serial ports' sockets, COM1 first.</param>
/// <param name="Disks">The sockets of the disks that this process reads and writes, by the names of their block nodes.</param>
/// <param name="Rings">This process's side of the ring device, or null when the machine has none.</param>
internal sealed record QemuSockets(
    string Bus, IReadOnlyList<string> SerialPorts, IReadOnlyDictionary<string, IDiskSocket> Disks, RingBackend? Rings = null);

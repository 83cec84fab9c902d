namespace VpcComApi.VirtualMachines.Qemu.Hardware;

/// <summary>The sockets between QEMU and our process.</summary>
/// <param name="Folder">The full path of the machine's folder, which only this user may enter.</param>
/// <param name="Bus">The options of the socket behind the bus device.</param>
/// <param name="SerialPorts">Those of the sockets behind the serial ports, COM1 first.</param>
/// <param name="Rings">What is behind the ring device, or null when the machine has none.</param>
internal sealed record QemuSockets(string Folder, string Bus, IReadOnlyList<string> SerialPorts, RingBackend? Rings = null);

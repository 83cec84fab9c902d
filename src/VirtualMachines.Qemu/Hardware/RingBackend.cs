namespace VpcComApi.VirtualMachines.Qemu.Hardware;

/// <summary>What QEMU is told of our side of the ring device.</summary>
/// <param name="MemoryPath">Where the memory can be opened.</param>
/// <param name="Length">Its bytes, a power of two.</param>
/// <param name="Doorbell">The options of the socket behind the doorbell.</param>
internal sealed record RingBackend(string MemoryPath, long Length, string Doorbell);

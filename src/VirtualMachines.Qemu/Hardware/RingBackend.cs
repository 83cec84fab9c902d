namespace VpcComApi.VirtualMachines.Qemu.Hardware;

/// <summary>QEMU's options for this process's side of the ring device.</summary>
/// <param name="MemoryPath">The path at which the memory can be opened.</param>
/// <param name="Length">Its size in bytes, a power of two.</param>
/// <param name="Doorbell">The options of the doorbell's socket.</param>
internal sealed record RingBackend(string MemoryPath, long Length, string Doorbell);

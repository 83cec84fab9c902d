namespace VpcComApi.VirtualMachines.Qemu.Hardware;

/// <summary>The options that QEMU gets for our side of the ring device.</summary>
/// <param name="MemoryPath">Where the memory can be opened.</param>
/// <param name="Length">Its bytes, a power of two.</param>
/// <param name="Doorbell">The options of the socket behind the doorbell.</param>
internal sealed record RingBackend(string MemoryPath, long Length, string Doorbell);

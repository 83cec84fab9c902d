namespace VpcComApi.VirtualMachines.Providers;

/// <summary>A hard disk that a machine is started with.</summary>
/// <param name="Bus">The IDE bus, 0 or 1.</param>
/// <param name="Device">The position on it, 0 or 1.</param>
/// <param name="Image">The full path of the .vhd file or, with undo disks, of the .vud file: what the guest reads and writes.</param>
public sealed record MachineHardDisk(int Bus, int Device, string Image);

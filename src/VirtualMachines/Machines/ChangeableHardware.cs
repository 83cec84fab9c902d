using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.VirtualMachines.Machines;

/// <summary>The hardware that can be changed while a machine runs.</summary>
/// <param name="DvdDrives">The DVD drives and what is in them.</param>
/// <param name="FloppyDrives">The floppy drives and what is in them.</param>
/// <param name="NetworkCards">The network cards and what they are plugged into.</param>
internal sealed record ChangeableHardware(
    IReadOnlyList<MachineDvdDrive> DvdDrives, IReadOnlyList<MachineFloppyDrive> FloppyDrives,
    IReadOnlyList<MachineNetworkCard> NetworkCards);

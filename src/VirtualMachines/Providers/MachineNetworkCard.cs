using System.Net.NetworkInformation;
using VpcComApi.VirtualMachines.Networks;

namespace VpcComApi.VirtualMachines.Providers;

/// <summary>A network card that a machine is started with.</summary>
/// <param name="Number">Its number in the machine, 0 to 3.</param>
/// <param name="Address">Its Ethernet address, six bytes, not of a group.</param>
/// <param name="Network">
/// What it is plugged into; null when its cable is loose, or hangs in a network that the host does not have any more.
/// </param>
public sealed record MachineNetworkCard(int Number, PhysicalAddress Address, VirtualNetworkKind? Network);

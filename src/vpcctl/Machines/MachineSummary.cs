using VpcComApi.VirtualMachines;

namespace VpcComApi.CommandLine.Machines;

/// <summary>One machine in a list.</summary>
/// <param name="Name">The name.</param>
/// <param name="State">The state.</param>
/// <param name="MemoryMegabytes">Memory in megabytes.</param>
/// <param name="File">The full path of its .vmc file.</param>
internal sealed record MachineSummary(string Name, MachineState State, int MemoryMegabytes, string File);

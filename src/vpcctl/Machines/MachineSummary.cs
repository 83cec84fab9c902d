using VpcComApi.VirtualMachines;
using VpcComApi.VirtualMachines.Machines;

namespace VpcComApi.CommandLine.Machines;

/// <summary>One machine in a list.</summary>
/// <param name="Name">The name.</param>
/// <param name="State">The state.</param>
/// <param name="MemoryMegabytes">Memory in megabytes.</param>
/// <param name="File">The full path of its .vmc file.</param>
internal sealed record MachineSummary(string Name, MachineState State, int MemoryMegabytes, string File)
{
    /// <summary>Why the machine is paused; null when it is not, or when its host does not know.</summary>
    public PauseReason? PauseReason { get; init; }
}

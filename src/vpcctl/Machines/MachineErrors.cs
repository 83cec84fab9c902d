using VpcComApi.VirtualMachines;

namespace VpcComApi.CommandLine.Machines;

/// <summary>Refusals that all implementations of <see cref="IMachines"/> share.</summary>
internal static class MachineErrors
{
    /// <summary>There is no machine of that name.</summary>
    public static VirtualMachineException Unknown(string name) => new(
        VirtualMachineError.MachineUnknown,
        $"There is no virtual machine \"{name}\". \"vpcctl list\" shows those there are, \"vpcctl create\" makes one.");
}

using VpcComApi.VirtualMachines;

namespace VpcComApi.CommandLine.Machines;

/// <summary>Refusals that all implementations of <see cref="IMachines"/> share.</summary>
internal static class MachineErrors
{
    /// <summary>There is no machine of that name.</summary>
    public static VirtualMachineException Unknown(string name) => new(
        VirtualMachineError.MachineUnknown,
        $"There is no virtual machine \"{name}\". \"vpcctl list\" shows those there are, \"vpcctl create\" makes one.");

    /// <summary>
    /// The COM contract answers no machine of that name: there is none, or its file cannot be used, for which the
    /// contract has no member.
    /// </summary>
    public static VirtualMachineException UnknownToContract(string name) => new(
        VirtualMachineError.MachineUnknown,
        Unknown(name).Message + " A machine whose .vmc file cannot be used is not among them: \"vpcctl log\" says what is wrong with it. "
            + "Correct the file in an editor, "
        + "or delete the machine's line in Registrations.txt.");
}

using VpcComApi.Interop;
using VpcComApi.VirtualMachines;
using VpcComApi.VirtualMachines.Machines;

namespace VpcComApi.ComServer.Adapters;

/// <summary>Checks what only COM can get wrong about an argument: a null pointer, an object from elsewhere, an index.</summary>
internal static class Arguments
{
    /// <summary>Refuses a NULL text.</summary>
    /// <param name="text">The argument.</param>
    /// <param name="member">The member, as scripts write it.</param>
    /// <param name="parameter">The parameter's name in the contract.</param>
    public static string Require(string? text, string member, string parameter) => text ?? throw Missing(member, parameter);

    /// <summary>Finds the machine behind an argument.</summary>
    /// <param name="machine">The argument.</param>
    /// <param name="member">The member, as scripts write it.</param>
    public static VirtualMachine RequireMachine(IVMVirtualMachine? machine, string member) => machine switch
    {
        VirtualMachineAdapter adapter => adapter.Machine,
        null => throw Missing(member, "virtualMachine"),
        _ => throw new VirtualMachineException(
            VirtualMachineError.InvalidArgument,
            $"{member}: the object is not a virtual machine of this Virtual PC. Get it from FindVirtualMachine or VirtualMachines."),
    };

    /// <summary>Finds an element of a collection, which counts from 1.</summary>
    /// <typeparam name="T">What the collection holds.</typeparam>
    /// <param name="elements">The collection's elements.</param>
    /// <param name="index">The argument.</param>
    /// <param name="collection">The collection, as scripts write it.</param>
    public static T At<T>(IReadOnlyList<T> elements, int index, string collection) => index >= 1 && index <= elements.Count
        ? elements[index - 1]
        : throw new VirtualMachineException(
            VirtualMachineError.BadIndex,
            elements.Count == 0
                ? $"{collection} has no element {index}: it is empty."
                : $"{collection} has no element {index}: the index goes from 1 to {elements.Count}.");

    private static VirtualMachineException Missing(string member, string parameter) =>
        new(VirtualMachineError.MissingArgument, $"{member}: the argument {parameter} is missing (NULL).");
}

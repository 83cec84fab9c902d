using VpcComApi.VirtualMachines.Catalogue;
using VpcComApi.VirtualMachines.Configuration;
using VpcComApi.VirtualMachines.Machines;

namespace VpcComApi.VirtualMachines;

/// <content>Machines whose files cannot be used as they stand: they can be corrected, and removed.</content>
public sealed partial class VirtualMachineHost
{
    /// <summary>What is wrong with a registered machine that <see cref="FindVirtualMachine"/> does not answer.</summary>
    /// <param name="name">The machine's name, in any case.</param>
    /// <returns>Null when no such machine is registered, or nothing is wrong with it.</returns>
    public CatalogueProblem? FindProblem(string? name) =>
        Problems.FirstOrDefault(problem => problem.Remedy is not null && MachineNames.Comparer.Equals(problem.Name, name));

    /// <summary>
    /// Looks a machine up by name, also one whose file cannot be used as it stands: to read and change the values in its file, or to remove
    /// it. For all else <see cref="FindVirtualMachine"/> is there.
    /// </summary>
    /// <param name="name">The name, in any case.</param>
    /// <returns>The machine, or null.</returns>
    /// <exception cref="VirtualMachineException">
    /// <see cref="VirtualMachineError.MissingArgument"/>: no machine can have such a name.
    /// </exception>
    public VirtualMachine? FindRegisteredMachine(string? name) => FindVirtualMachine(name) ?? Catalogue.FindRegistered(name!);

    /// <summary>
    /// Removes a machine, also one whose file cannot be used as it stands. When its file cannot be read, nothing says which undo disks are
    /// its own: then its files stay.
    /// </summary>
    /// <param name="machine">The machine.</param>
    /// <param name="keepFiles">Whether its files are to stay.</param>
    /// <returns>Whether its files were deleted.</returns>
    /// <exception cref="VirtualMachineException">It is not registered any more, or is running, or a file could not be deleted.</exception>
    public bool RemoveVirtualMachine(VirtualMachine machine, bool keepFiles)
    {
        ArgumentNullException.ThrowIfNull(machine);
        if (keepFiles || !Catalogue.OpenConfiguration(machine.ConfigurationFile).IsReadable)
        {
            Catalogue.Unregister(machine);
            return false;
        }

        Catalogue.Delete(machine);
        return true;
    }
}

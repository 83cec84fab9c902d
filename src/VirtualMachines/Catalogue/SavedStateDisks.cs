using VpcComApi.VirtualMachines.Configuration;
using VpcComApi.VirtualMachines.Disks;
using VpcComApi.VirtualMachines.Machines;

namespace VpcComApi.VirtualMachines.Catalogue;

/// <summary>The disks that saved machines will go on with.</summary>
/// <param name="catalogue">The machines.</param>
internal sealed class SavedStateDisks(MachineCatalogue catalogue)
{
    /// <summary>Refuses to have disks written that a saved machine will go on with.</summary>
    /// <param name="disks">The disks' full paths.</param>
    /// <param name="owner">The files of the machine that may write its own; null for none.</param>
    /// <exception cref="VirtualMachineException"><see cref="VirtualMachineError.SharingViolation"/>.</exception>
    public void DemandNone(IReadOnlyCollection<string> disks, MachineFiles? owner)
    {
        // All registered machines and not only those that this process has loaded: a script may ask for a disk before it asks for any
        // machine. Those that cannot be used, too: a wrong value in its file does not take the saved state from a machine.
        foreach ((MachineFiles files, VirtualMachine? machine) in catalogue.Registered)
        {
            bool isOwn = PathRules.FileNameComparer.Equals(files.Configuration, owner?.Configuration);
            bool isSaved = machine is null ? File.Exists(files.SavedState) : machine.State == MachineState.Saved;
            if (!isOwn && isSaved
                && ConfiguredDrives.DisksOfSavedState(catalogue.OpenConfiguration(files.Configuration), files.Folder)
                    .FirstOrDefault(path => disks.Contains(path, DiskPaths.Comparer)) is { } needed)
            {
                throw new VirtualMachineException(
                    VirtualMachineError.SharingViolation,
                    $"The disk {needed} is part of the saved state of the machine '{files.Name}'. " +
                    "Start that machine and turn it off, or discard its saved state.")
                {
                    Remedy = new Remedy(RemedyAction.DiscardSavedState, files.Name),
                };
            }
        }
    }
}

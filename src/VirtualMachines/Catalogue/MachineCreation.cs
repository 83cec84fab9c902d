using Microsoft.Extensions.Logging;
using VpcComApi.VirtualMachines.Configuration;
using VpcComApi.VirtualMachines.Events;
using VpcComApi.VirtualMachines.Machines;
using VpcComApi.VirtualMachines.VmcFiles;

namespace VpcComApi.VirtualMachines.Catalogue;

/// <summary>
/// Makes machines: the files, the registration, and what the caller wants the machine to have. When a step fails, nothing of the machine
/// stays: no file, no new folder, no registration.
/// </summary>
/// <param name="catalogue">The registered machines.</param>
/// <param name="registrations">The list of registered machines as other processes see it.</param>
/// <param name="logger">Where messages go.</param>
internal sealed class MachineCreation(MachineCatalogue catalogue, RegistrationFile registrations, ILogger logger)
{
    /// <summary>Makes and registers a machine, and completes it.</summary>
    /// <param name="name">Its name; without one, the path names the file.</param>
    /// <param name="path">Its folder, which is made when it is missing, or the full path of its .vmc file.</param>
    /// <param name="provider">The provider that runs it, or null for the default one.</param>
    /// <param name="complete">Gives the machine what it is to have; null for nothing.</param>
    /// <exception cref="VirtualMachineException">
    /// The first refusal in the contract's order, a failure of the file system, or what <paramref name="complete"/> throws.
    /// </exception>
    public VirtualMachine Create(string? name, string? path, string? provider, Action<VirtualMachine>? complete)
    {
        Action takeBack = static () => { };
        try
        {
            NewFolders? newFolders = null;
            VirtualMachine machine = catalogue.Add(nameMayHaveExtension: false, name, path, files =>
            {
                MachineFileChanges.DemandRoomForNew(files);
                newFolders = new NewFolders(files.Folder);
                takeBack = () => DeleteFiles(files, newFolders);
                StorageFolder.Make(files.Folder);
                MachineConfiguration configuration = catalogue.OpenConfiguration(files.Configuration);
                configuration.File.Replace(MachineConfiguration.CreateDocument(provider));
                return configuration;
            });
            MachineLog.MachineCreated(logger, machine.Name, machine.ConfigurationFile);
            takeBack = () => Delete(machine, newFolders!);
            complete?.Invoke(machine);
            return machine;
        }
        catch
        {
            takeBack();
            throw;
        }
    }

    /// <summary>
    /// Removes what was made of a machine that could not be registered. Otherwise its name would be taken at the next try.
    /// </summary>
    private void DeleteFiles(MachineFiles files, NewFolders newFolders)
    {
        try
        {
            // Another process may have registered the file by now.
            if (registrations.Read().Files.Contains(files.Configuration, PathRules.FileNameComparer))
            {
                return;
            }

            MachineFileChanges.DeleteIfThere(files.Configuration);
            FileUseLock.RemoveLeftOver(files.Configuration);
            newFolders.RemoveEmpty();
        }
        catch (Exception e) when (e is VirtualMachineException || StorageErrors.IsStorageError(e))
        {
            // The caller gets the failure that ended the creation.
        }
    }

    /// <summary>Removes a machine that is registered and could not be completed.</summary>
    private void Delete(VirtualMachine machine, NewFolders newFolders)
    {
        try
        {
            catalogue.Delete(machine);
        }
        catch (VirtualMachineException)
        {
            // The caller gets the failure that ended the creation.
        }

        newFolders.RemoveEmpty();
    }
}

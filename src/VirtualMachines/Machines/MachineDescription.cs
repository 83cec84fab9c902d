using VpcComApi.VirtualMachines.Configuration;
using VpcComApi.VirtualMachines.Disks;
using VpcComApi.VirtualMachines.Events;
using VpcComApi.VirtualMachines.VmcFiles;

namespace VpcComApi.VirtualMachines.Machines;

/// <summary>Keeps a machine's .vmcx file, which other programs show, equal to what the machine is.</summary>
/// <param name="context">What the machine's parts share.</param>
/// <param name="power">The machine's state.</param>
internal sealed class MachineDescription(MachineContext context, MachinePower power)
{
    /// <summary>Held while the file is written, so that two writers do not write at once.</summary>
    private readonly Lock writing = new();

    /// <summary>Writes the file, if something in it has changed. A failure is logged: no operation fails for it.</summary>
    public void Write()
    {
        MachineFiles files = context.Files;
        try
        {
            lock (writing)
            {
                XmlValueDocument values = context.Configuration.File.Current;
                ConfiguredDrives drives = new(values, files.Folder);
                MachineDescriptionFile.Write(
                    files, values, power.State, drives.DiskInUseAt(DriveLocation.All[0]), drives.DiskInUseAt(DriveLocation.All[1]),
                    context.Logger);
            }
        }
        catch (VirtualMachineException e)
        {
            MachineLog.DescriptionNotWritten(context.Logger, files.Name, files.Description, e.Message);
        }
    }
}

using System.Globalization;
using Microsoft.Extensions.Logging;
using VpcComApi.VirtualMachines.Configuration;
using VpcComApi.VirtualMachines.Events;

namespace VpcComApi.VirtualMachines.Catalogue;

/// <summary>
/// The .vmcx file: what a shell shows of a machine without asking this program. Made anew whenever something in it changes, and read by nobody here. Its
/// form is that of https://alax.info/blog/1115.
/// </summary>
internal static class MachineDescriptionFile
{
    private const string Root = "vm_description";
    private const string Comment = "Microsoft Virtual Machine Description and Registration Settings";
    private const string PrimaryDisk = "hardware/pci_bus/ide_adapter/ide_controller[@id=0]/location[@id=0]/pathname/absolute";
    private const string SecondaryDisk = "hardware/pci_bus/ide_adapter/ide_controller[@id=0]/location[@id=1]/pathname/absolute";

    /// <summary>Writes the description. It is a convenience: a failure is logged and otherwise ignored.</summary>
    /// <param name="files">The machine's files.</param>
    /// <param name="configuration">Its configuration.</param>
    /// <param name="state">Its state.</param>
    /// <param name="logger">Where a failure goes.</param>
    public static void Write(MachineFiles files, XmlValueDocument configuration, MachineState state, ILogger logger)
    {
        XmlValueDocument description = XmlValueDocument.Create(Root, Comment);
        Set("ram_size", string.Create(CultureInfo.InvariantCulture, $"{Text(ConfigurationKeys.Memory)} MB"));
        Set("vmstate", Describe(state));
        Set("primary_disk1", Text(PrimaryDisk));
        Set("secondary_disk1", Text(SecondaryDisk));
        Set("notes", Text(ConfigurationKeys.Notes));
        Set("vmc_path", files.Configuration);
        try
        {
            AtomicFile.Write(files.Description, description.ToBytes());
        }
        catch (Exception e) when (StorageErrors.IsStorageError(e))
        {
            MachineLog.DescriptionNotWritten(logger, files.Name, files.Description, e.Message);
        }

        void Set(string key, string text) => description.Set(ValuePath.Parse(key), text);

        string Text(string key) =>
            configuration.TryGetValue(key, out object? value) ? Convert.ToString(value, CultureInfo.InvariantCulture)! : string.Empty;
    }

    /// <summary>"Hibernated" is the one text that is published; the others are ours.</summary>
    private static string Describe(MachineState state) => state switch
    {
        MachineState.Saved => "Hibernated",
        MachineState.TurnedOff => "Powered down",
        _ => "Running",
    };
}

using System.Globalization;
using Microsoft.Extensions.Logging;
using VpcComApi.VirtualMachines.Configuration;
using VpcComApi.VirtualMachines.Events;

namespace VpcComApi.VirtualMachines.VmcFiles;

/// <summary>
/// The .vmcx file: what a shell shows of a machine without asking this program. Made anew whenever something in it changes, and read by
/// nobody here. Its form is that of https://alax.info/blog/1115.
/// </summary>
internal static class MachineDescriptionFile
{
    private const string Root = "vm_description";
    private const string Comment = "Microsoft Virtual Machine Description and Registration Settings";

    /// <summary>Writes the description. It is a convenience: a failure is logged and otherwise ignored.</summary>
    /// <param name="files">The machine's files.</param>
    /// <param name="configuration">Its configuration.</param>
    /// <param name="state">Its state.</param>
    /// <param name="primaryDisk">The file of the first disk on the first bus, as a start would use it; empty when there is none.</param>
    /// <param name="secondaryDisk">The file of the second disk on that bus; empty when there is none.</param>
    /// <param name="logger">Where a failure goes.</param>
    public static void Write(
        MachineFiles files, XmlValueDocument configuration, MachineState state, string primaryDisk, string secondaryDisk, ILogger logger)
    {
        XmlValueDocument description = XmlValueDocument.Create(Root, Comment);
        Set("ram_size", string.Create(CultureInfo.InvariantCulture, $"{Text(ConfigurationKeys.Memory)} MB"));
        Set("vmstate", Describe(state));
        Set("primary_disk1", primaryDisk);
        Set("secondary_disk1", secondaryDisk);
        Set("notes", Text(ConfigurationKeys.Notes));
        Set("vmc_path", files.Configuration);
        try
        {
            byte[] content = description.ToBytes();
            if (!IsThere(files.Description, content))
            {
                AtomicFile.Write(files.Description, content);
            }
        }
        catch (Exception e) when (StorageErrors.IsStorageError(e))
        {
            MachineLog.DescriptionNotWritten(logger, files.Name, files.Description, e.Message);
        }

        void Set(string key, string text) => description.Set(ValuePath.Parse(key), text);

        string Text(string key) =>
            configuration.TryGetValue(key, out object? value) ? Convert.ToString(value, CultureInfo.InvariantCulture)! : string.Empty;
    }

    /// <summary>Whether the file says that already. Any value of a machine may be in it, and few are.</summary>
    private static bool IsThere(string path, byte[] content) =>
        new FileInfo(path) is { Exists: true } file && file.Length == content.Length
            && File.ReadAllBytes(path).AsSpan().SequenceEqual(content);

    /// <summary>"Hibernated" is the one text that is published; the others are ours.</summary>
    private static string Describe(MachineState state) => state switch
    {
        MachineState.Saved => "Hibernated",
        MachineState.TurnedOff => "Powered down",
        _ => "Running",
    };
}

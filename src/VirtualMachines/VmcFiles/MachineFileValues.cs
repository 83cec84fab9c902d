using VpcComApi.VirtualMachines.Configuration;

namespace VpcComApi.VirtualMachines.VmcFiles;

/// <summary>
/// All values of a machine's file. The contract reads one value by its key and lists none, so whoever lists them reads the file.
/// </summary>
public static class MachineFileValues
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">The full path of the .vmc file.</param>
    /// <returns>
    /// The values by their keys, in the file's order; each an <see cref="int"/>, <see cref="string"/>, <see cref="bool"/> or byte array.
    /// </returns>
    /// <exception cref="VirtualMachineException">The file cannot be read, or is damaged; the text says why.</exception>
    public static IReadOnlyList<KeyValuePair<string, object>> Read(string path)
    {
        // Nothing is written, so no lock is ever taken.
        ValueFile file = new(path, ConfigurationKeys.Root, lockFolder: string.Empty);
        return file.Current.ReadAll();
    }
}

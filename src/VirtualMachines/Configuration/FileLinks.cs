namespace VpcComApi.VirtualMachines.Configuration;

/// <summary>Follows symbolic links to files.</summary>
internal static class FileLinks
{
    /// <summary>What a path leads to in the end.</summary>
    /// <param name="path">The full path of a file.</param>
    /// <returns>The full path of the file itself; the given path when it is no link, or leads nowhere.</returns>
    public static string TargetOf(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        }
        catch (Exception e) when (StorageErrors.IsStorageError(e))
        {
            // It is gone, or links lead in a circle: its name is what is left of it.
            return path;
        }
    }
}

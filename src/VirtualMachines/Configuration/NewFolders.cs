namespace VpcComApi.VirtualMachines.Configuration;

/// <summary>The folders that are made for new files, so that they can go again when the files do not come to be.</summary>
public sealed class NewFolders
{
    private readonly List<string> missing = [];

    /// <summary>Notes which folders are missing, before they are made.</summary>
    /// <param name="path">The full path of a folder, or of a file.</param>
    public NewFolders(string path)
    {
        for (string? at = Path.TrimEndingDirectorySeparator(path); at is not null && !Directory.Exists(at); at = Path.GetDirectoryName(at))
        {
            missing.Add(at);
        }
    }

    /// <summary>Deletes those that were missing and are empty. A folder that cannot be deleted stays: it does no harm.</summary>
    public void RemoveEmpty()
    {
        foreach (string folder in missing.Where(Directory.Exists))
        {
            try
            {
                Directory.Delete(folder);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Somebody has put a file there meanwhile, or is about to.
                return;
            }
        }
    }
}

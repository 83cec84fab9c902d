namespace VpcComApi.ContractGenerator;

/// <summary>Finds the folder `interop` of the repository.</summary>
public static class InteropFolder
{
    /// <summary>Looks for the folder in a directory and all above it.</summary>
    /// <param name="start">Where to begin.</param>
    /// <exception cref="DirectoryNotFoundException">No directory above holds interop/contract/vpc-api.json.</exception>
    public static string Find(string start)
    {
        for (DirectoryInfo? directory = new DirectoryInfo(start); directory is not null; directory = directory.Parent)
        {
            string candidate = Path.Combine(directory.FullName, "interop");
            if (File.Exists(Path.Combine(candidate, "contract", "vpc-api.json")))
            {
                return candidate;
            }
        }

        throw new DirectoryNotFoundException($"No directory from {start} upwards holds interop/contract/vpc-api.json.");
    }
}

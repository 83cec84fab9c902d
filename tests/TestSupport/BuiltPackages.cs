namespace VpcComApi.TestSupport;

/// <summary>The packages as people get them: what ./build.sh packages leaves.</summary>
public static class BuiltPackages
{
    /// <summary>Finds a package. Where the packages could not be made, the running test is left out or fails, with the reason.</summary>
    /// <param name="pattern">The file's name, with <c>*</c> for the version.</param>
    /// <returns>Its full path.</returns>
    public static string Find(string pattern)
    {
        string folder = Path.Combine(RepositoryPaths.Artifacts, "packages");
        string? path = Directory.Exists(folder) ? Directory.EnumerateFiles(folder, pattern).FirstOrDefault() : null;
        if (path is null)
        {
            ToolRequirement.Refuse($"There is no package {pattern} in {folder}. Run ./build.sh packages.");
        }

        return path!;
    }
}

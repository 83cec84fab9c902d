namespace VpcComApi.TestSupport;

/// <summary>Paths in the working tree, found from the path of the test assembly.</summary>
public static class RepositoryPaths
{
    private const string RootMarker = "VpcComApi.sln";

    private static readonly Lazy<string> LazyRoot = new(FindRoot);

    /// <summary>The folder that holds the solution.</summary>
    public static string Root => LazyRoot.Value;

    /// <summary>Where builds and tests put what they make; never committed.</summary>
    public static string Artifacts => Path.Combine(Root, "artifacts");

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, RootMarker)))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException(
            $"No folder above {AppContext.BaseDirectory} holds {RootMarker}. Run the tests from the repository's own build output.");
    }
}

using System.Text.RegularExpressions;

namespace VpcComApi.VirtualMachines.Tests.Architecture;

/// <summary>Which folders of a project name each other's namespaces, read from its sources.</summary>
internal static partial class FolderDependencies
{
    /// <summary>Finds the folders that need each other in both directions.</summary>
    /// <param name="project">
    /// The project's folder. Each folder in it is one namespace below the project's own; what is deeper belongs to the same folder.
    /// </param>
    /// <param name="rootNamespace">The project's namespace.</param>
    /// <returns>One line for each pair, with a file for either direction.</returns>
    public static IReadOnlyList<string> FindPairs(string project, string rootNamespace)
    {
        HashSet<string> folders = [.. Directory.EnumerateDirectories(project).Select(folder => Path.GetFileName(folder)!).Where(IsSource)];
        SortedDictionary<(string From, string To), string> needs = [];
        foreach (string folder in folders)
        {
            foreach (string file in Directory.EnumerateFiles(Path.Combine(project, folder), "*.cs", SearchOption.AllDirectories))
            {
                foreach (Match name in NamespaceName.Matches(File.ReadAllText(file)))
                {
                    string text = name.Value;
                    string other = text.StartsWith(rootNamespace + '.', StringComparison.Ordinal)
                        ? text[(rootNamespace.Length + 1)..].Split('.')[0]
                        : string.Empty;
                    if (other != folder && folders.Contains(other))
                    {
                        needs.TryAdd((folder, other), Path.GetFileName(file));
                    }
                }
            }
        }

        return
        [
            .. from need in needs
               where string.CompareOrdinal(need.Key.From, need.Key.To) < 0 && needs.ContainsKey((need.Key.To, need.Key.From))
               select $"{need.Key.From} ({need.Value}) and {need.Key.To} ({needs[(need.Key.To, need.Key.From)]})",
        ];
    }

    [GeneratedRegex(@"\bVpcComApi(\.[A-Z]\w*)+", RegexOptions.CultureInvariant)]
    private static partial Regex NamespaceName { get; }

    private static bool IsSource(string folder) => folder is not ("bin" or "obj");
}

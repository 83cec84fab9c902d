using System.Text.RegularExpressions;
using System.Xml.Linq;
using VpcComApi.TestSupport;

namespace VpcComApi.VirtualMachines.Tests.Architecture;

/// <summary>The projects and folders comply with ARCHITECTURE.md.</summary>
internal sealed partial class ArchitectureTests
{
    private const string Domain = "VpcComApi.VirtualMachines";

    /// <summary>As in <c>.editorconfig</c>, where the compiler does not enforce it.</summary>
    private const int LongestLine = 140;

    private const string RawDelimiter = "\"\"\"";

    private static string Sources => Path.Combine(RepositoryPaths.Root, "src");

    [Test]
    public void No_two_folders_of_the_domain_need_each_other() =>
        Assert.That(FolderDependencies.FindPairs(Path.Combine(Sources, "VirtualMachines"), Domain), Is.Empty);

    [Test]
    public void Two_folders_that_need_each_other_are_found()
    {
        using TestDirectory project = new();
        foreach ((string folder, string other) in ((string, string)[])[("Disks", "Machines"), ("Machines", "Disks"), ("Machines", "Tasks")])
        {
            Directory.CreateDirectory(project.PathOf(folder));
            project.WriteText(Path.Combine(folder, $"Needs{other}.cs"), $"using {Domain}.{other};");
        }

        Directory.CreateDirectory(project.PathOf("Tasks"));

        Assert.That(
            FolderDependencies.FindPairs(project.FullPath, Domain), Is.EqualTo(["Disks (NeedsMachines.cs) and Machines (NeedsDisks.cs)"]));
    }

    [Test]
    public void Each_project_references_what_the_table_allows_it()
    {
        Dictionary<string, string[]> allowed = ReadTable();
        string[] projects = [.. Directory.EnumerateFiles(Sources, "*.csproj", SearchOption.AllDirectories)];

        Assert.That(projects.Select(NameOf), Is.SubsetOf(allowed.Keys));
        foreach (string project in projects)
        {
            Assert.That(References(project), Is.SubsetOf(allowed[NameOf(project)]), NameOf(project));
        }
    }

    [Test]
    public void A_namespace_is_the_one_of_its_folder()
    {
        foreach (string project in Directory.EnumerateDirectories(Sources))
        {
            string root = RootNamespaceOf(project);
            foreach (string file in SourceFiles(project))
            {
                string folder = Path.GetRelativePath(project, Path.GetDirectoryName(file)!);
                string expected = folder == "." ? root : $"{root}.{folder.Replace(Path.DirectorySeparatorChar, '.')}";
                Match declared = NamespaceLine.Match(File.ReadAllText(file));

                // Top-level statements have none.
                Assert.That(declared.Success ? declared.Groups[1].Value : expected, Is.EqualTo(expected), file);
            }
        }
    }

    [TestCase("bench")]
    [TestCase("build")]
    [TestCase("interop")]
    [TestCase("samples")]
    [TestCase("src")]
    [TestCase("tests")]
    public void A_line_of_code_has_at_most_140_characters(string folder)
    {
        string[] files = [.. WrittenFiles(Path.Combine(RepositoryPaths.Root, folder))];

        Assert.That(files, Is.Not.Empty);
        Assert.That(files.SelectMany(LongLines), Is.Empty);
    }

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex NamespaceLine { get; }

    [GeneratedRegex(@"[\\/](bin|obj|Generated)[\\/]|Generated[^\\/]*\.cs$", RegexOptions.CultureInvariant)]
    private static partial Regex WrittenByTools { get; }

    [GeneratedRegex(@"`([\w.]+)`", RegexOptions.CultureInvariant)]
    private static partial Regex Quoted { get; }

    private static string NameOf(string project) => Path.GetFileNameWithoutExtension(project);

    private static IEnumerable<string> References(string project) =>
        from reference in XDocument.Load(project).Descendants("ProjectReference")
        select NameOf(((string)reference.Attribute("Include")!).Replace('\\', '/').Split('/')[^1]);

    private static string RootNamespaceOf(string folder)
    {
        string project = Directory.EnumerateFiles(folder, "*.csproj").Single();
        return (string?)XDocument.Load(project).Descendants("RootNamespace").FirstOrDefault() ?? $"VpcComApi.{NameOf(project)}";
    }

    private static IEnumerable<string> SourceFiles(string project) =>
        from folder in Directory.EnumerateDirectories(project).Where(
            folder => Path.GetFileName(folder) is not ("bin" or "obj")).Append(project)
        from file in Directory.EnumerateFiles(
            folder, "*.cs", folder == project ? SearchOption.TopDirectoryOnly : SearchOption.AllDirectories)
        select file;

    /// <summary>All but what tools write.</summary>
    private static IEnumerable<string> WrittenFiles(string folder) =>
        Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories).Where(file => !WrittenByTools.IsMatch(file));

    /// <summary>The places of lines that are too long. A text in a raw string literal has the lines that it needs.</summary>
    private static IEnumerable<string> LongLines(string file)
    {
        bool isText = false;
        int number = 0;
        foreach (string line in File.ReadLines(file))
        {
            number++;
            int delimiters = line.Split(RawDelimiter).Length - 1;
            if (line.Length > LongestLine && !isText && delimiters == 0)
            {
                yield return $"{file}:{number}";
            }

            isText ^= delimiters % 2 != 0;
        }
    }

    /// <summary>The first two columns of the table "Which project may use which": a row may name several projects.</summary>
    private static Dictionary<string, string[]> ReadTable()
    {
        IEnumerable<string> rows = File.ReadLines(Path.Combine(RepositoryPaths.Root, "ARCHITECTURE.md"))
            .SkipWhile(line => !line.StartsWith("| project | may use", StringComparison.Ordinal))
            .Skip(2)
            .TakeWhile(line => line.StartsWith('|'));
        return rows.Select(row => row.Split('|')).SelectMany(
            cells => NamesIn(cells[1]).Select(project => (project, NamesIn(cells[2])))).ToDictionary(row => row.project, row => row.Item2);
    }

    private static string[] NamesIn(string cell) => [.. Quoted.Matches(cell).Select(name => name.Groups[1].Value)];
}

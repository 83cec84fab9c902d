using System.Text.RegularExpressions;

namespace VpcComApi.VirtualMachines.Tests.Architecture;

/// <summary>Which source files declare calls of the system's libraries, and which calls those are.</summary>
internal static partial class NativeCalls
{
    /// <summary>Finds all declarations below a folder.</summary>
    /// <param name="sources">The folder; its projects' build output is left out.</param>
    /// <returns>The file, relative to the folder, and the call as library and entry point.</returns>
    public static IReadOnlyList<(string File, string Call)> Find(string sources) =>
    [
        .. from file in Directory.EnumerateFiles(sources, "*.cs", SearchOption.AllDirectories)
           let name = Path.GetRelativePath(sources, file).Replace(Path.DirectorySeparatorChar, '/')
           where !BuildOutput.IsMatch(name)
           from Match declaration in Declaration.Matches(File.ReadAllText(file))
           let entryPoint = EntryPoint.Match(declaration.Groups["options"].Value)
           select (name, $"{declaration.Groups["library"].Value}!{(entryPoint.Success ? entryPoint : declaration).Groups["name"].Value}"),
    ];

    [GeneratedRegex(
        """\[(?:LibraryImport|DllImport)\("?(?<library>[\w.]+)"?(?<options>[^\]]*)\)\](?:\s*\[[^\n]*\])*[^;(]*?(?<name>\w+)\(""",
        RegexOptions.CultureInvariant)]
    private static partial Regex Declaration { get; }

    [GeneratedRegex("""EntryPoint = "(?<name>\w+)""", RegexOptions.CultureInvariant)]
    private static partial Regex EntryPoint { get; }

    [GeneratedRegex("(^|/)(bin|obj)/", RegexOptions.CultureInvariant)]
    private static partial Regex BuildOutput { get; }
}

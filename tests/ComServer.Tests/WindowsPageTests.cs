using System.Text.RegularExpressions;
using VpcComApi.TestSupport;

namespace VpcComApi.ComServer.Tests;

/// <summary>
/// Keeps docs/windows.md complete: code that only runs on Windows cannot be tested here, so the page lists at least where it is and what it
/// was written by.
/// </summary>
[TestFixture]
internal sealed partial class WindowsPageTests
{
    private static readonly string Sources = Path.Combine(RepositoryPaths.Root, "src");

    private static readonly string Page = File.ReadAllText(Path.Combine(RepositoryPaths.Root, "docs", "windows.md"));

    [Test]
    public void Every_file_that_reaches_for_Windows_is_in_the_table_and_no_other()
    {
        IEnumerable<string> reaching = Directory.EnumerateFiles(Sources, "*.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Sources, file).Replace('\\', '/'))
            .Where(file => !BuildOutput.IsMatch(file))
            .Where(file => WindowsPlace.IsMatch(WithoutComments(File.ReadAllText(Path.Combine(Sources, file)))))
            .ToList();

        Assert.That(Rows().Select(row => row.File), Is.Unique);
        Assert.That(Rows().Select(row => row.File), Is.EquivalentTo(reaching));
    }

    [Test]
    public void Every_row_says_what_is_reached_and_by_which_documentation_it_was_written() => Assert.That(
        Rows().Where(row => row.What.Length == 0 || !row.Documentation.Contains("https://", StringComparison.Ordinal))
            .Select(row => row.File), Is.Empty);

    [TestCase("if (OperatingSystem.IsWindows())", true)]
    [TestCase("if (!OperatingSystem.IsWindows())", true)]
    [TestCase("[SupportedOSPlatform(\"windows\")]", true)]
    [TestCase("[assembly: SupportedOSPlatform(\"windows\")]", true)]
    [TestCase("[LibraryImport(\"kernel32\", SetLastError = true)]", true)]
    [TestCase("private const string Library = \"ole32\";", true)]
    [TestCase("using Microsoft.Win32;", true)]
    [TestCase("using VpcComApi.Platform.Windows;", true)]
    [TestCase("NativeLibrary.TryLoad(\"ntdll\", out nint library)", true)]
    [TestCase("[UnsupportedOSPlatform(\"windows\")]", false)]
    [TestCase("[SupportedOSPlatform(\"linux\")]", false)]
    [TestCase("[LibraryImport(\"libc\", SetLastError = true)]", false)]
    [TestCase("using Microsoft.Win32.SafeHandles;", false)]
    [TestCase("// OperatingSystem.IsWindows()", false)]
    public void A_place_that_reaches_for_Windows_is_known_by_its_text(string line, bool expected) =>
        Assert.That(WindowsPlace.IsMatch(WithoutComments(line)), Is.EqualTo(expected));

    private static List<(string File, string What, string Documentation)> Rows() =>
    [
        .. Page.Split('\n')
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('|'))
            .Select(cells => (cells[1].Trim().Trim('`'), cells[2].Trim(), cells[3].Trim())),
    ];

    private static string WithoutComments(string text) => Comment.Replace(text, string.Empty);

    [GeneratedRegex("""
        OperatingSystem\.IsWindows\(\)|\bSupportedOSPlatform(Guard)?\("windows"\)|using\ Microsoft\.Win32;
        |using\ VpcComApi\.Platform\.Windows;|LibraryImport\("(?!libc")|\bLibrary\ =\ "(?!libc")|NativeLibrary\.TryLoad\(
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex WindowsPlace { get; }

    [GeneratedRegex(@"^\s*//.*$", RegexOptions.Multiline)]
    private static partial Regex Comment { get; }

    [GeneratedRegex(@"/(bin|obj)/")]
    private static partial Regex BuildOutput { get; }
}

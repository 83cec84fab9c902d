using System.Text.RegularExpressions;
using VpcComApi.TestSupport;

namespace VpcComApi.CommandLine.Tests;

/// <summary>Checks the links and the paths in the repository's pages.</summary>
[Parallelizable(ParallelScope.All)]
public sealed partial class DocumentationLinkTests
{
    private static readonly string[] Folders = ["docs", "samples", ".github"];

    private static readonly string[] Pages =
    [
        .. Directory.EnumerateFiles(RepositoryPaths.Root, "*.md"),
        .. Folders.SelectMany(
            folder => Directory.EnumerateFiles(Path.Combine(RepositoryPaths.Root, folder), "*.md", SearchOption.AllDirectories)),
    ];

    [Test]
    public void Every_link_to_a_page_or_a_file_leads_to_one_and_to_a_heading_in_it()
    {
        Assert.That(Pages.SelectMany(LinksOf).Count(), Is.GreaterThan(100));
        Assert.That(
            Pages.SelectMany(page => LinksOf(page).Where(link => !IsRight(page, link)).Select(link => $"{page}: {link}")), Is.Empty);
    }

    [Test]
    public void Every_path_that_a_page_names_exists()
    {
        Assert.That(Pages.SelectMany(PathsOf).Count(), Is.GreaterThan(100));
        Assert.That(
            Pages.SelectMany(
                page => PathsOf(page).Where(path => !Exists(Path.Combine(RepositoryPaths.Root, path))).Select(path => $"{page}: {path}")),
            Is.Empty);
    }

    [TestCase("## A session", "a-session")]
    [TestCase("### Errors, `HRESULT`s and *texts*", "errors-hresults-and-texts")]
    [TestCase("# 13. The lock of a file", "13-the-lock-of-a-file")]
    public void A_heading_has_the_anchor_that_hosting_sites_give_it(string heading, string anchor) =>
        Assert.That(AnchorsOf(heading), Is.EqualTo([anchor]));

    private static bool IsRight(string page, string link)
    {
        string[] parts = link.Split('#', 2);
        string target = parts[0].Length == 0 ? page : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(page)!, parts[0]));
        return Exists(target) && (parts.Length == 1 || AnchorsOf(File.ReadAllText(target)).Contains(parts[1]));
    }

    private static bool Exists(string path) => File.Exists(path) || Directory.Exists(path);

    private static IEnumerable<string> LinksOf(string page) => Link.Matches(TextOf(page))
        .Select(match => match.Groups[1].Value)
        .Where(link => !link.Contains("://", StringComparison.Ordinal));

    /// <summary>Words in capitals, as in <c>src/VirtualMachines.NAME</c>, and dots stand for something else.</summary>
    private static IEnumerable<string> PathsOf(string page) => NamedPath.Matches(TextOf(page))
        .Select(match => match.Groups[1].Value)
        .Where(path => !path.Contains("...", StringComparison.Ordinal) && !path.Contains("NAME", StringComparison.Ordinal));

    private static IEnumerable<string> AnchorsOf(string text) => Heading.Matches(CodeBlock.Replace(text, string.Empty))
        .Select(match => NotInAnchor.Replace(match.Groups[1].Value.Trim(), string.Empty).Replace(' ', '-').ToLowerInvariant());

    private static string TextOf(string page) => CodeBlock.Replace(File.ReadAllText(page), string.Empty);

    [GeneratedRegex("^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CodeBlock { get; }

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link { get; }

    [GeneratedRegex("`((?:src|tests|docs|build|interop|samples|bench|findings)/[^`\\s*]*)`")]
    private static partial Regex NamedPath { get; }

    [GeneratedRegex("^#+ (.+?)\\r?$", RegexOptions.Multiline)]
    private static partial Regex Heading { get; }

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchor { get; }
}

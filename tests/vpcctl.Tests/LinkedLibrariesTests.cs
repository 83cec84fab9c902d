using System.Text.Json;
using VpcComApi.TestSupport;

namespace VpcComApi.CommandLine.Tests;

/// <summary>The Debian packages' copyright files name all that is linked into the programs.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class LinkedLibrariesTests
{
    [TestCase("vmsrvc", "GuestServices")]
    [TestCase("vpccomapi", "GuestServices", "vpcctl")]
    public void Every_package_that_a_program_is_linked_with_has_its_holder_and_its_license_and_no_other_has(
        string debianPackage, params string[] projects)
    {
        string[] linked = [.. projects.SelectMany(PackagesOf).Distinct()];
        string[] patterns =
        [
            .. File.ReadLines(Path.Combine(RepositoryPaths.Root, "build", "packages", "libraries"))
                .Where(line => !line.StartsWith('#'))
                .Select(line => line.Split('|'))
                .Where(fields => fields[0].Split(' ').Contains(debianPackage))
                .SelectMany(fields => fields[3].Split(' ')),
        ];

        Assert.That(linked, Is.Not.Empty);
        Assert.That(linked.Where(package => !patterns.Any(pattern => Matches(pattern, package))), Is.Empty);
        Assert.That(patterns.Where(pattern => !linked.Any(package => Matches(pattern, package))), Is.Empty);
    }

    private static bool Matches(string pattern, string package) => pattern.EndsWith('*')
        ? package.StartsWith(pattern[..^1], StringComparison.Ordinal)
        : package == pattern;

    /// <summary>What the project's lock file has for every system.</summary>
    private static IEnumerable<string> PackagesOf(string project)
    {
        string file = Path.Combine(RepositoryPaths.Root, "src", project, "packages.lock.json");
        using JsonDocument locked = JsonDocument.Parse(File.ReadAllText(file));
        return
        [
            .. locked.RootElement.GetProperty("dependencies").EnumerateObject().First().Value.EnumerateObject()
                .Where(package => package.Value.GetProperty("type").GetString() != "Project")
                .Select(package => package.Name),
        ];
    }
}

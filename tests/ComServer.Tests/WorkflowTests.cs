using System.Text.RegularExpressions;
using VpcComApi.TestSupport;

namespace VpcComApi.ComServer.Tests;

/// <summary>What must be true of .github/workflows/ci.yml, which nothing here can run.</summary>
[TestFixture]
internal sealed partial class WorkflowTests
{
    private static readonly string Workflow = File.ReadAllText(
        Path.Combine(RepositoryPaths.Root, ".github", "workflows", "ci.yml")).ReplaceLineEndings("\n");

    [Test]
    public void Every_action_is_pinned_to_a_commit_and_says_which_version_that_is()
    {
        string[] uses = [.. Workflow.Split('\n').Where(line => line.Contains("uses:", StringComparison.Ordinal))];

        Assert.That(uses, Is.Not.Empty);
        Assert.That(uses, Is.All.Matches<string>(line => line is not null && Pinned.IsMatch(line)));
    }

    [TestCase("container: debian:${{ matrix.release }}")]
    [TestCase("release: [bookworm, trixie]")]
    [TestCase("run: bash .ci/run")]
    [TestCase("global-json-file: global.json")]
    [TestCase("artifacts/vpc-verify.txt")]
    [TestCase("artifacts/logs")]
    public void It_has(string text) => Assert.That(Workflow, Does.Contain(text));

    [Test]
    public void Every_command_of_build_cmd_that_it_calls_exists()
    {
        string script = File.ReadAllText(Path.Combine(RepositoryPaths.Root, "build.cmd"));
        string[] called = [.. Called.Matches(Workflow).Select(match => match.Groups[1].Value)];

        Assert.That(called, Is.EquivalentTo((string[])["publish", "verify", "demo", "test"]));
        Assert.That(
            called,
            Is.All.Matches<string>(command => script.Contains($"if /i \"%~1\"==\"{command}\" goto {command}", StringComparison.Ordinal)));
    }

    [Test]
    public void What_is_kept_is_kept_of_a_failed_run_too()
    {
        string[] steps = Workflow.Split("\n      - ");

        Assert.That(
            steps.Where(step => step.Contains("upload-artifact@", StringComparison.Ordinal)),
            Has.Exactly(2).Items.And.All.Contains("if: ${{ always() }}"));
    }

    [Test]
    public void Every_label_that_build_cmd_goes_to_or_calls_is_there_once()
    {
        string script = File.ReadAllText(Path.Combine(RepositoryPaths.Root, "build.cmd")).ReplaceLineEndings("\n");
        IEnumerable<string> wanted = Target.Matches(script).Select(match => match.Groups[1].Value).Distinct();
        string[] labels = [.. script.Split('\n').Where(line => line.StartsWith(':')).Select(line => line[1..].Trim())];

        Assert.That(labels, Is.Unique);
        Assert.That(wanted, Is.EquivalentTo(labels));
    }

    [GeneratedRegex(@"uses: [a-z-]+/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")]
    private static partial Regex Pinned { get; }

    [GeneratedRegex(@"call build\.cmd (\w+)")]
    private static partial Regex Called { get; }

    [GeneratedRegex(@"(?:goto |call :)(\w+)")]
    private static partial Regex Target { get; }
}

using System.Diagnostics;
using VpcComApi.TestSupport;

namespace VpcComApi.EndToEnd.Tests.BuildScripts;

/// <summary>
/// build/on-debian.sh, with a system of a few programs of this one instead of a Debian that is downloaded. How the script makes a Debian is
/// shown by its use.
/// </summary>
[TestFixture]
[Platform(Include = "Linux", Reason = "Namespaces and mounts are Linux'.")]
internal sealed class OnDebianTests
{
    /// <summary>Copies programs with their libraries; what the script starts inside, and what the tests do.</summary>
    private const string MakeSystem = """
        for program in bash env umount rmdir sleep cat ls; do
          file="$(readlink -f "$(command -v "$program")")"
          mkdir -p "$1/usr/bin"
          cp "$file" "$1/usr/bin/$program"
          for library in $(ldd "$file" | grep -o '/[^ ]*'); do
            mkdir -p "$1$(dirname "$library")"
            cp -L "$library" "$1$library"
          done
        done
        mkdir -p "$1"/{etc/apt,etc/ssl/certs,proc,sys,dev,tmp,root}
        echo trixie >"$1/etc/vpccomapi-root"
        echo test >"$1/etc/debian_version"
        """;

    /// <summary>The tree of some 1,500 files is copied first.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private TestDirectory folder = null!;

    private string Root => folder.PathOf("root");

    [SetUp]
    public async Task Make_a_system()
    {
        if (Environment.UserName != "root")
        {
            Assert.Ignore("Only root can make another system in a folder.");
        }

        folder = new TestDirectory();
        ProgramResult made = await BuildScript.RunAsync(MakeSystem, [Root]);
        Assert.That(made.ExitCode, Is.Zero, made.ToString());
    }

    [TearDown]
    public void Delete_all()
    {
        if (folder is not null)
        {
            Assert.That(Mounts(), Is.Empty, "Deleting would go through them.");
            folder.Dispose();
        }
    }

    [Test]
    public async Task A_command_runs_in_the_other_system_on_a_copy_of_the_tree_and_its_exit_code_comes_back()
    {
        ProgramResult result = await Start(
            "bash", "-c", "pwd; ls build.sh; ls -d artifacts; cat /etc/debian_version; exit 7").FinishAsync(limit: Limit);

        Assert.That(result.ExitCode, Is.EqualTo(7), result.ToString());
        Assert.That(
            result.OutputLines.Skip(1),
            Is.EqualTo((string[])[RepositoryPaths.Root, "build.sh", "test"]),
            "artifacts/ is no part of the tree.");
    }

    [Test]
    public async Task Processes_that_a_command_leaves_behind_end_with_it()
    {
        ProgramResult result = await Start("bash", "-c", $"sleep 1000.{Environment.ProcessId} & echo started").FinishAsync(limit: Limit);

        Assert.That(result.OutputLines[^1], Is.EqualTo("started"), result.ToString());
        Assert.That(ProcessLedger.Find($"1000.{Environment.ProcessId}"), Is.Empty);
    }

    [TestCase("TERM", 143)]
    [TestCase("INT", 130)]
    [TestCase("KILL", 137)]
    public async Task A_signal_ends_every_process_and_takes_every_mount_away(string signal, int exitCode)
    {
        await using RunningProgram running = Start("bash", "-c", $"echo running; sleep 2000.{Environment.ProcessId}");
        await running.WaitForOutputAsync("\nrunning", Limit);

        await RunningProgram.RunAsync("sh", ["-c", $"kill -{signal} {running.Id}"]);
        ProgramResult result = await running.FinishAsync(limit: Limit);

        Assert.That(result.ExitCode, Is.EqualTo(exitCode), result.ToString());
        await Wait.UntilAsync(() => ProcessLedger.Find($"2000.{Environment.ProcessId}").Count == 0, "the command to end with the script");
        Assert.That(Mounts(), Is.Empty);
    }

    [Test]
    public async Task A_second_command_in_the_same_system_is_refused_with_the_reason()
    {
        await using RunningProgram first = Start("bash", "-c", "echo running; sleep 1000");
        await first.WaitForOutputAsync("\nrunning", Limit);

        ProgramResult second = await Start("ls").FinishAsync(limit: Limit);
        await RunningProgram.RunAsync("sh", ["-c", $"kill {first.Id}"]);
        await first.FinishAsync(limit: Limit);

        Assert.That(second.ExitCode, Is.EqualTo(1));
        Assert.That(second.Error, Does.Contain("Another command is running in").And.Contain(Root));
    }

    private RunningProgram Start(params string[] command) => RunningProgram.Start(
        new ProcessStartInfo(Path.Combine(RepositoryPaths.Root, "build", "on-debian.sh"), ["--root", Root, "trixie", .. command]));

    private string[] Mounts() =>
        [.. File.ReadLines("/proc/self/mountinfo").Where(line => line.Contains(folder.FullPath, StringComparison.Ordinal))];
}

using System.CommandLine;
using VpcComApi.CommandLine.Tests.Fakes;
using VpcComApi.TestSupport;

namespace VpcComApi.CommandLine.Tests.EndToEnd;

/// <summary>The built program, whose standard output fails: a full device, and a pipe that nobody reads.</summary>
[Platform("Linux")]
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class OutputFailureTests : IAsyncDisposable
{
    private const string Machine = VpcctlEnvironment.Machine;

    private readonly VpcctlEnvironment vpcctl = new();
    private readonly EchoServer server = new();
    private readonly TestDirectory folder = new();

    /// <summary>
    /// A command line for each command, in an order in which each can be done. <c>type</c> alone prints nothing, and so can lose nothing.
    /// </summary>
    private IReadOnlyList<string[]> Lines =>
    [
        ["list"],
        ["list", "--json"],
        ["create", "New", "--folder", folder.PathOf("new")],
        ["config", "New", "list"],
        ["config", "New", "set", "a/b=1"],
        ["remove", "New", "--keep-files"],
        ["register", Path.Combine(folder.PathOf("new"), "New.vmc")],
        ["remove", "New"],
        ["disk", "create", folder.PathOf("a.vhd"), "--size", "4M"],
        ["disk", "create", folder.PathOf("b.vhd"), "--parent", folder.PathOf("a.vhd")],
        ["disk", "info", folder.PathOf("b.vhd")],
        ["disk", "repair-parent", folder.PathOf("b.vhd"), folder.PathOf("a.vhd")],
        ["disk", "merge", folder.PathOf("b.vhd")],
        ["disk", "compact", folder.PathOf("a.vhd")],
        ["disk", "convert", folder.PathOf("a.vhd"), folder.PathOf("c.vhd")],
        ["start", Machine],
        ["state", Machine],
 [
            "channel", Machine, "--pipe", "output-test-" + Guid.NewGuid().ToString("N"), "--port",
            server.Port.ToString(System.Globalization.CultureInfo.InvariantCulture),
        ],
        ["channels", "--json"],
        ["channels", "--watch", "--json"],
        ["channels", "--watch"],
        ["devices", Machine],
        ["screenshot", Machine, "--out", folder.PathOf("screen.png")],
        ["type", Machine, "x"],
        ["pause", Machine],
        ["resume", Machine],
        ["reset", Machine],
        ["save", Machine],
        ["discard", Machine],
        ["start", Machine],
        ["stop", Machine],
        ["up", Machine],
        ["log"],
        ["log", "--follow"],
        ["completion", "bash"],
        ["[suggest:7]", "vpcctl "],
        ["--help"],
        ["create", "--help"],
        ["--version"],
    ];

    public async ValueTask DisposeAsync()
    {
        await vpcctl.DisposeAsync();
        await server.DisposeAsync();
        folder.Dispose();
    }

    [Test]
    public void Every_command_has_a_line_here()
    {
        using CommandRun run = new(new FakeMachines());

        Assert.That(
            CommandsBelow(new VpcctlCommand(run.Services)).Where(
                command => !Lines.Any(line => string.Join(' ', line).StartsWith(command, StringComparison.Ordinal))),
            Is.Empty);
    }

    [Test]
    public async Task Every_command_whose_output_cannot_be_written_answers_1_and_says_why()
    {
        foreach (string[] line in Lines)
        {
            ProgramResult result = await vpcctl.ShellAsync("exec \"$@\" >/dev/full", line);

            if (line[0] == "type")
            {
                Assert.That(result.ExitCode, Is.Zero, result.ToString());
                continue;
            }

            Assert.That(result.ExitCode, Is.EqualTo((int)ExitCode.Failed), result.ToString());
            Assert.That(result.Error, Does.Contain("Standard output cannot be written: No space left on device."), result.ToString());
        }
    }

    [Test]
    public async Task Every_command_whose_output_nobody_reads_ends_silently_as_by_SIGPIPE()
    {
        foreach (string[] line in Lines)
        {
            // The reader has ended before the program begins.
            ProgramResult result = await vpcctl.ShellAsync("exec 3> >(:); wait $!; exec \"$@\" >&3", line);

            Assert.That(result.ExitCode, Is.EqualTo((int)(line[0] == "type" ? ExitCode.Done : ExitCode.OutputClosed)), result.ToString());
            Assert.That(result.Error, line[0] == "up" ? Is.Empty.Or.EqualTo($"Ending \"{Machine}\"...\n") : Is.Empty, result.ToString());
        }
    }

    [TestCase("channels", "--watch", "--json")]
    [TestCase("log", "--follow")]
    [TestCase("up", Machine)]
    public async Task A_command_that_goes_on_ends_when_its_reader_has_had_enough(params string[] line)
    {
        await vpcctl.DoAsync("start", Machine);
        await vpcctl.DoAsync("stop", Machine);

        ProgramResult result = await vpcctl.ShellAsync("\"$@\" | head -n1; exit ${PIPESTATUS[0]}", line);

        Assert.That(result.ExitCode, Is.EqualTo((int)ExitCode.OutputClosed), result.ToString());
        Assert.That(result.Output.Count(character => character == '\n'), Is.EqualTo(1), result.ToString());
        Assert.That(vpcctl.Guests, Is.Empty);
    }

    [Test]
    public async Task What_a_command_prints_into_a_file_that_others_write_to_stays_in_order()
    {
        ProgramResult result = await vpcctl.ShellAsync(
            "{ echo one; \"$@\"; echo two; \"$@\"; } >\"$FILE\" 2>&1; cat \"$FILE\"".Replace(
                "$FILE", folder.PathOf("out"), StringComparison.Ordinal), "--version");

        Assert.That(
            result.Output.Split('\n'), Has.Length.EqualTo(5).And.ItemAt(0).EqualTo("one").And.ItemAt(2).EqualTo("two"), result.ToString());
    }

    private static IEnumerable<string> CommandsBelow(Command command, string above = "") => command.Subcommands
        .Where(child => !child.Hidden)
        .SelectMany(child => child.Subcommands.Count == 0 ? [above + child.Name] : CommandsBelow(child, $"{above}{child.Name} "));
}

using System.CommandLine;
using System.Globalization;
using System.Text.RegularExpressions;
using VpcComApi.CommandLine.Tests.Fakes;
using VpcComApi.Platform.Folders;
using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines;
using VpcComApi.VirtualMachines.Emulated;
using VpcComApi.VirtualMachines.Qemu;

namespace VpcComApi.CommandLine.Tests;

/// <summary>Compares docs/vpcctl.md with the code.</summary>
[Parallelizable(ParallelScope.All)]
public sealed partial class DocumentationTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(RepositoryPaths.Root, "docs", "vpcctl.md"));

    [Test]
    public void Every_command_and_every_option_of_its_own_is_documented()
    {
        using CommandRun run = new(new FakeMachines());

        IEnumerable<string> wanted = new VpcctlCommand(run.Services).Subcommands
            .Where(command => !command.Hidden)
            .SelectMany(command => NamesOf(command, "`vpcctl"))
            .Where(name => name is not ("--help" or "--version"));

        Assert.That(wanted.Distinct().Where(name => !Page.Contains(name, StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public void The_exit_codes_are_those_of_the_program() => Assert.That(
        ExitCodeForm.Matches(Page).Select(match => int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture)),
        Is.EqualTo(Enum.GetValues<ExitCode>().Select(code => (int)code)));

    [Test]
    public void The_environment_variables_of_the_product_are_documented()
    {
        string[] variables =
        [
            UserFolders.OverrideVariable,
            VirtualMachineHostOptions.IntegrationMediaVariable,
            EmulatedMachineOptions.GuestServiceVariable,
            QemuMachineOptions.ProgramVariable,
        ];

        Assert.That(variables.Where(variable => !Page.Contains($"\n| `{variable}` |", StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public void The_keys_of_the_QEMU_provider_are_documented()
    {
        string page = File.ReadAllText(Path.Combine(RepositoryPaths.Root, "docs", "qemu.md"));

        Assert.That(QemuMachineProvider.KnownKeys.Where(key => !page.Contains($"| `{key.Pattern}` |", StringComparison.Ordinal)), Is.Empty);
    }

    private static IEnumerable<string> NamesOf(Command command, string above)
    {
        string name = $"{above} {command.Name}";
        return command.Subcommands.SelectMany(below => NamesOf(below, name)).Concat(
            command.Options.Select(option => option.Name)).Append(name);
    }

    [GeneratedRegex(@"^\| (\d+) \|", RegexOptions.Multiline)]
    private static partial Regex ExitCodeForm { get; }
}

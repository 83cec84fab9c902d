using System.Diagnostics;
using VpcComApi.TestSupport;

namespace VpcComApi.CommandLine.Tests.EndToEnd;

/// <summary>A person who types at a shell and presses Tab.</summary>
[Platform("Linux")]
[Parallelizable(ParallelScope.All)]
public sealed class CompletionTests
{
    /// <summary>Types a line into a shell at a terminal of its own, presses Tab, and waits for what comes of it.</summary>
    private const string TypeScript = """
        zmodload zsh/zpty
        zpty shell zsh -f -i
        zpty -w shell "unsetopt prompt_sp; $1; print its''-ready"
        zpty -r -m shell text '*its-ready*'
        zpty -n -w shell "$2"$'\t'
        zpty -r -m shell text "*$3*" && print completed
        """;

    [TestCase("a file in fpath", "fpath=($PWD $fpath); autoload -Uz compinit; compinit -u -D")]
    [TestCase("a start file", "autoload -Uz compinit; compinit -u -D; source ./_vpcctl")]
    public async Task Zsh_completes_at_the_first_Tab_whether_the_script_is_in(string place, string preparation)
    {
        ToolRequirement.Require(ExternalTool.Program("zsh", "zsh"));
        await using VpcctlEnvironment vpcctl = new();
        using TestDirectory folder = new();
        folder.WriteText("_vpcctl", (await vpcctl.DoAsync("completion", "zsh")).Output);
        ProcessStartInfo startInfo = new("zsh", ["-f", "-c", TypeScript, "zsh", preparation, "vpcctl screens", "screenshot"])
        {
            WorkingDirectory = folder.FullPath,
        };
        startInfo.Environment["PATH"] = $"{PublishedProducts.LinuxFolder}:{startInfo.Environment["PATH"]}";

        await using RunningProgram shell = RunningProgram.Start(startInfo);

        Assert.That((await shell.FinishAsync()).Output, Does.EndWith("completed\n"), place);
    }
}

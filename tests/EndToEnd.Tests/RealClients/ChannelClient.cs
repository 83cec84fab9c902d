using VpcComApi.EndToEnd.Tests.Cpp;
using VpcComApi.TestSupport;

namespace VpcComApi.EndToEnd.Tests.RealClients;

/// <summary>
/// A program that does what the article's client does: finds the machine, starts it, opens a channel, and exchanges text through the pipe.
/// </summary>
/// <param name="Name">For test names.</param>
/// <param name="Greeting">What it sends.</param>
/// <param name="ReceivesAnswer">Whether it waits for the guest's answer.</param>
/// <param name="RunAsync">Runs it with its arguments: pipe and port.</param>
internal sealed record ChannelClient(
    string Name, string Greeting, bool ReceivesAnswer, Func<IReadOnlyList<string>, Task<ProgramResult>> RunAsync)
{
    private static WineEnvironment Windows => RegisteredServer.Windows;

    public static IEnumerable<ChannelClient> All =>
    [
        new("VBScript", "Hello from VBScript", false, arguments => Windows.RunScriptAsync(VbScript, arguments)),
        new("32-bit VBScript", "Hello from VBScript", false, RunScript32Async),
        new("PowerShell", "Hello from PowerShell", true, RunPowerShellAsync),
        new("dynamic C#", "Hello from dynamic C#", true, arguments => RunToolAsync("DynamicClient", arguments)),
        new("early bound C#", "Hello from C#", true, arguments => RunToolAsync("EarlyBoundClient", arguments)),
        new("64-bit C++", "Hello from 64-bit C++", true, arguments => RunCppAsync(CppArchitecture.X64, arguments)),
        new("32-bit C++", "Hello from 32-bit C++", true, arguments => RunCppAsync(CppArchitecture.X86, arguments)),
    ];

    private static string VbScript => Sample("vbscript", "client.vbs");

    public override string ToString() => Name;

    private static string Sample(params ReadOnlySpan<string> path) => Path.Combine([RepositoryPaths.Root, "samples", .. path]);

    private static Task<ProgramResult> RunScript32Async(IReadOnlyList<string> arguments)
    {
        ToolRequirement.Require(ExternalTool.Wine32);
        return Windows.RunScript32Async(VbScript, arguments);
    }

    private static Task<ProgramResult> RunPowerShellAsync(IReadOnlyList<string> arguments) =>
        RunToolAsync("PowerShellHost", [Windows.ToWindowsPath(Sample("powershell", "client.ps1")), .. arguments]);

    private static Task<ProgramResult> RunToolAsync(string tool, IReadOnlyList<string> arguments) =>
        Windows.RunAsync(PublishedProducts.TestTool(tool), arguments, limit: RegisteredServer.ClientLimit);

    private static async Task<ProgramResult> RunCppAsync(CppArchitecture architecture, IReadOnlyList<string> arguments)
    {
        using TestDirectory folder = new();
        string program = await CppCompiler.CompileAsync(architecture, Sample("cpp", "client.cpp"), folder, "-Wall", "-Wextra", "-Werror");
        return await Windows.RunAsync(program, arguments, limit: RegisteredServer.ClientLimit);
    }
}

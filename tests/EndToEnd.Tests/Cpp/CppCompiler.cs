using VpcComApi.TestSupport;

namespace VpcComApi.EndToEnd.Tests.Cpp;

/// <summary>Compiles C++ against the published header, as its users do.</summary>
internal static class CppCompiler
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(2);

    private static readonly string[] Libraries = ["-lole32", "-loleaut32", "-luuid", "-lws2_32"];

    /// <summary>Compiles one program, with all its libraries in it, and answers its path.</summary>
    /// <param name="architecture">What for.</param>
    /// <param name="source">The source file.</param>
    /// <param name="folder">Where the program goes.</param>
    /// <param name="options">Further options and source files.</param>
    public static async Task<string> CompileAsync(
        CppArchitecture architecture, string source, TestDirectory folder, params IEnumerable<string> options)
    {
        ToolRequirement.Require(architecture.Compiler, architecture.Runner);
        string program = folder.PathOf($"{Path.GetFileNameWithoutExtension(source)}-{architecture.Name}.exe");
        ProgramResult result = await RunningProgram.RunAsync(
            architecture.Compiler.Name,
            ["-std=c++17", "-static", "-I", PublishedProducts.IncludeFolder, source, .. options, "-o", program, .. Libraries],
            limit: TimeLimit);

        Assert.That(result.ExitCode, Is.Zero, $"{source} does not compile, {architecture}.\n{result}");
        return program;
    }
}

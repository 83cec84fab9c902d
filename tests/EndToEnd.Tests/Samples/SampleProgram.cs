using System.Diagnostics;
using VpcComApi.TestSupport;

namespace VpcComApi.EndToEnd.Tests.Samples;

/// <summary>Starts the samples as they were built together with these tests.</summary>
internal static class SampleProgram
{
    /// <summary>Starts a sample program.</summary>
    /// <param name="folder">The sample's folder below samples/.</param>
    /// <param name="project">The project's name.</param>
    /// <param name="arguments">The program's arguments.</param>
    public static RunningProgram Start(string folder, string project, params IEnumerable<string> arguments)
    {
        // .../bin/CONFIGURATION/FRAMEWORK/, of these tests as of the sample.
        DirectoryInfo framework = new(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        string program = Path.Combine(
            RepositoryPaths.Root, "samples", folder, project, "bin", framework.Parent!.Name, framework.Name, project + ".dll");
        return RunningProgram.Start(new ProcessStartInfo("dotnet", [program, .. arguments]));
    }

    /// <summary>Runs a sample program to its end.</summary>
    /// <inheritdoc cref="Start" path="/param"/>
    public static async Task<ProgramResult> RunAsync(string folder, string project, params IEnumerable<string> arguments)
    {
        await using RunningProgram program = Start(folder, project, arguments);
        return await program.FinishAsync();
    }
}

using System.Diagnostics;
using VpcComApi.TestSupport;

namespace VpcComApi.EndToEnd.Tests.BuildScripts;

/// <summary>Runs functions of the files below build/ as build.sh would, one by one.</summary>
internal static class BuildScript
{
    /// <summary>Everything that build.sh has before its first command, then the script of the test.</summary>
    private const string Beginning = """
        set -euo pipefail
        REPOSITORY="$PWD"
        for part in common setup compile publish guest-image packages test background wine; do
          . "build/$part.sh"
        done

        """;

    /// <summary>Runs a script that may use the functions.</summary>
    /// <param name="script">The script.</param>
    /// <param name="arguments">What it gets as $1, $2, ...</param>
    /// <param name="path">Folders that come before those of PATH.</param>
    public static async Task<ProgramResult> RunAsync(string script, IEnumerable<string> arguments, string path = "")
    {
        ProcessStartInfo startInfo = new(
            "bash", ["-c", Beginning + script, "bash", .. arguments]) { WorkingDirectory = RepositoryPaths.Root };
        if (path.Length > 0)
        {
            startInfo.Environment["PATH"] = $"{path}:{Environment.GetEnvironmentVariable("PATH")}";
        }

        await using RunningProgram running = RunningProgram.Start(startInfo);
        return await running.FinishAsync();
    }

    /// <summary>Writes a script that can be started as a program.</summary>
    /// <param name="folder">The folder that gets it.</param>
    /// <param name="name">Its path in the folder.</param>
    /// <param name="script">Its text, in the language of sh.</param>
    /// <returns>Its full path.</returns>
    public static string WriteProgram(TestDirectory folder, string name, string script)
    {
        string program = folder.PathOf(name);
        Directory.CreateDirectory(Path.GetDirectoryName(program)!);
        File.WriteAllText(program, $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return program;
    }
}

using System.Diagnostics;
using VpcComApi.EndToEnd.Tests.Cpp;
using VpcComApi.TestSupport;

namespace VpcComApi.EndToEnd.Tests;

/// <summary>build.cmd, run by Wine's command interpreter with a program instead of dotnet that prints how it was called.</summary>
[TestFixture]
[Platform(Exclude = "Win", Reason = "There the script itself runs this test.")]
internal sealed class BuildScriptTests
{
    /// <summary>Prints its arguments, and whether tests may be skipped; fails when an argument contains the text in FAIL_ON.</summary>
    private const string Dotnet = """
        #include <cstdio>
        #include <cstdlib>
        #include <cstring>
        int main(int count, char** arguments)
        {
            const char* skip = std::getenv("VPCCOMAPI_ALLOW_SKIP");
            std::printf("dotnet %s %s skip=%s\n", arguments[1], arguments[2], skip ? skip : "");
            const char* failing = std::getenv("FAIL_ON");
            for (int i = 1; failing && i < count; i++)
                if (std::strstr(arguments[i], failing)) return 3;
            return 0;
        }
        """;

    private static readonly string[] Compiling = ["dotnet restore VpcComApi.sln skip=", "dotnet build VpcComApi.sln skip="];

    private static readonly string[] Publishing = [.. Compiling, @"dotnet msbuild build\Publish.proj skip="];

    private static readonly string[] Testing =
        [
            .. Publishing,
            @"dotnet test tests\Bus.Tests skip=1",
            @"dotnet test tests\Disks.Tests skip=1",
            @"dotnet test tests\EndToEnd.Tests skip=1",
        ];

    private static IEnumerable<TestCaseData> Runs()
    {
        yield return new TestCaseData("build", "", Compiling, 0);
        yield return new TestCaseData("build", "restore", Compiling[..1], 1);
        yield return new TestCaseData("test", "", Testing, 0);
        yield return new TestCaseData("TEST", "Bus.Tests", Testing, 1) { TestName = "test continues after a failed project" };
        yield return new TestCaseData("test", "EndToEnd", Testing, 1) { TestName = "test fails with the last project" };
        yield return new TestCaseData("test", "-warnaserror", Compiling, 1) { TestName = "test ends when nothing was built" };
        yield return new TestCaseData("demo", "-target", Publishing, 1) { TestName = "demo ends when nothing was published" };
        yield return new TestCaseData("verify", "-target", Publishing, 1) { TestName = "verify ends when nothing was published" };
        yield return new TestCaseData("deploy", "", Array.Empty<string>(), 1) { TestName = "an unknown command is refused" };
    }

    [TestCaseSource(nameof(Runs))]
    public async Task Each_command_takes_its_steps_in_order_and_ends_at_the_first_that_fails(
        string command, string failOn, string[] expectedCalls, int expectedCode)
    {
        using TestDirectory folder = new();
        await using WineEnvironment windows = await WineEnvironment.CreateAsync();
        File.Copy(
            await CppCompiler.CompileAsync(CppArchitecture.X64, folder.WriteText("stub.cpp", Dotnet), folder), folder.PathOf("dotnet.exe"));
        File.Copy(Path.Combine(RepositoryPaths.Root, "build.cmd"), folder.PathOf("build.cmd"));
        foreach (string project in (string[])["Disks.Tests", "EndToEnd.Tests", "Bus.Tests", "TestSupport"])
        {
            Directory.CreateDirectory(folder.PathOf(Path.Combine("tests", project)));
        }

        Directory.CreateDirectory(folder.PathOf("interop"));
        await File.WriteAllTextAsync(folder.PathOf(Path.Combine("interop", "build-typelib.cmd")), "@exit /b 0\r\n");
        ProcessStartInfo start = windows.CreateStartInfo("cmd", ["/c", windows.ToWindowsPath(folder.PathOf("build.cmd")), command]);
        start.Environment["FAIL_ON"] = failOn.Length == 0 ? null : failOn;

        await using RunningProgram run = RunningProgram.Start(start);
        ProgramResult result = await run.FinishAsync();

        Assert.That(result.ExitCode, Is.EqualTo(expectedCode), result.ToString());
        Assert.That(
            result.OutputLines.Where(line => line.StartsWith("dotnet ", StringComparison.Ordinal)),
            Is.EqualTo(expectedCalls),
            result.ToString());
    }
}

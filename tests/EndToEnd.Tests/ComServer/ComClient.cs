using System.Diagnostics;
using VpcComApi.EndToEnd.Tests.Cpp;
using VpcComApi.TestSupport;

namespace VpcComApi.EndToEnd.Tests.ComServer;

/// <summary>
/// A Windows of its own with the server registered, and a C++ client in it that does one thing at a time: see probe.cpp. The server is
/// started by COM alone.
/// </summary>
internal sealed class ComClient : IAsyncDisposable
{
    /// <summary>
    /// How long the server waits for the next client. Short, because under Wine the server inherits the output of the client that made COM
    /// start it, and that client's output ends when the server does. A test that needs the server for longer holds it by a client of its
    /// own.
    /// </summary>
    public const int IdleSeconds = 1;

    private readonly TestDirectory folder = new();
    private string program = "";

    private ComClient(WineEnvironment windows) => Windows = windows;

    /// <summary>Where server and clients run.</summary>
    public WineEnvironment Windows { get; }

    /// <summary>The processes of the server.</summary>
    public IReadOnlyList<int> Servers => Windows.ProcessesOf("vpc.exe -Embedding");

    /// <summary>Makes the environment, registers the server in it and compiles the client.</summary>
    /// <param name="architecture">The client's.</param>
    public static async Task<ComClient> CreateAsync(CppArchitecture architecture)
    {
        ToolRequirement.Require(ExternalTool.Wine);
        ComClient client = new(await WineEnvironment.CreateAsync());
        try
        {
            client.program = await CppCompiler.CompileAsync(
                architecture, Path.Combine(AppContext.BaseDirectory, "ComServer", "probe.cpp"), client.folder);
            ProgramResult registration = await client.Windows.RunAsync(PublishedProducts.ComServer, ["/RegServer"]);
            Assert.That(registration.ExitCode, Is.Zero, registration.ToString());
            await client.RunAsync("idle", $"{IdleSeconds}");
            return client;
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the client and leaves it running.</summary>
    public RunningProgram Start(params IEnumerable<string> arguments) => Windows.Start(program, arguments);

    /// <summary>Starts the client with environment variables of its own and leaves it running.</summary>
    public RunningProgram Start(IReadOnlyDictionary<string, string> environment, params IEnumerable<string> arguments)
    {
        ProcessStartInfo startInfo = Windows.CreateStartInfo(program, arguments);
        foreach ((string name, string value) in environment)
        {
            startInfo.Environment[name] = value;
        }

        return RunningProgram.Start(startInfo);
    }

    /// <summary>Runs the client to its end.</summary>
    /// <returns>What it wrote, without the last line, which reports that it has completed.</returns>
    public async Task<IReadOnlyList<string>> RunAsync(params IEnumerable<string> arguments)
    {
        ProgramResult result = await Windows.RunAsync(program, arguments, limit: TimeSpan.FromMinutes(2));
        Assert.That(result.OutputLines[^1], Is.EqualTo("done"), result.ToString());
        return [.. result.OutputLines.SkipLast(1)];
    }

    /// <summary>Runs a script.</summary>
    /// <param name="script">The script's text.</param>
    /// <returns>What it wrote.</returns>
    public async Task<IReadOnlyList<string>> RunScriptAsync(string script)
    {
        ProgramResult result = await Windows.RunScriptAsync(folder.WriteText($"{Guid.NewGuid():N}.vbs", script));
        return result.OutputLines;
    }

    /// <summary>Waits until no server is left.</summary>
    public Task WaitForServerToEndAsync() => Wait.UntilAsync(() => Servers.Count == 0, "the server to end", TimeSpan.FromMinutes(1));

    /// <summary>How many entries of a kind are in the server's log files.</summary>
    public int CountLogEntries(int eventId) =>
        ReadLog().Split('\n').Count(line => line.Split(' ') is [_, _, var id, ..] && id == $"{eventId}");

    /// <summary>What the server has logged: for the message of a failed assertion.</summary>
    public string ReadLog() => string.Concat(Directory
        .EnumerateFiles(Path.Combine(Windows.DriveC, "users"), "vpc-*.log", SearchOption.AllDirectories)
        .Order(StringComparer.Ordinal)
        .Select(ReadShared));

    public async ValueTask DisposeAsync()
    {
        await Windows.DisposeAsync();
        folder.Dispose();
    }

    private static string ReadShared(string file)
    {
        using StreamReader reader = new(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return reader.ReadToEnd();
    }
}

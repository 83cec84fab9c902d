using System.Diagnostics;
using System.Globalization;
using VpcComApi.Platform.Folders;
using VpcComApi.TestSupport;

namespace VpcComApi.CommandLine.Tests.EndToEnd;

/// <summary>The program as a person runs it, with a data folder of the test's own; at the end no process of it is left.</summary>
internal sealed class VpcctlEnvironment : IAsyncDisposable
{
    /// <summary>The machine that is there on first use.</summary>
    public const string Machine = "Windows XP Mode";

    private readonly TestDirectory data = new();
    private readonly ProcessLedger ledger;
    private readonly string program;

    /// <param name="program">The program to run; the published one by default, as people get it.</param>
    public VpcctlEnvironment(string? program = null)
    {
        this.program = program ?? PublishedProducts.CommandLine;
        ledger = new ProcessLedger(data.FullPath);
    }

    /// <summary>Further environment variables of what is run.</summary>
    public Dictionary<string, string> Variables { get; } = [];

    public string DataFolder => data.FullPath;

    /// <summary>The background process that hosts the machines, or null.</summary>
    public int? HostProcess => ProcessLedger.Find(data.FullPath).Cast<int?>().FirstOrDefault(
        id => File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/cmdline")).EndsWith(
            "vpcctl\0host\0", StringComparison.Ordinal));

    /// <summary>The processes of the guests.</summary>
    public IReadOnlyList<int> Guests => [.. ProcessLedger.Find(data.FullPath).Intersect(ProcessLedger.Find("vmsrvc"))];

    public RunningProgram Start(params IEnumerable<string> arguments) => RunningProgram.Start(StartInfo(arguments));

    public async Task<ProgramResult> RunAsync(params IEnumerable<string> arguments)
    {
        await using RunningProgram program = Start(arguments);
        return await program.FinishAsync();
    }

    /// <summary>Runs a script of bash, whose <c>"$@"</c> is the program with its arguments.</summary>
    public async Task<ProgramResult> ShellAsync(string script, params IEnumerable<string> arguments)
    {
        ProcessStartInfo startInfo = StartInfo(["-c", script, "bash", program, .. arguments]);
        startInfo.FileName = "bash";
        await using RunningProgram shell = RunningProgram.Start(startInfo);
        return await shell.FinishAsync();
    }

    /// <summary>Runs a command that must succeed.</summary>
    public async Task<ProgramResult> DoAsync(params IEnumerable<string> arguments)
    {
        ProgramResult result = await RunAsync(arguments);
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        return result;
    }

    /// <summary>Sends a signal, as kill(1) does.</summary>
    public static async Task SignalAsync(int process, string signal)
    {
        ProgramResult kill = await RunningProgram.RunAsync("kill", ["-" + signal, process.ToString(CultureInfo.InvariantCulture)]);
        Assert.That(kill.ExitCode, Is.Zero, kill.ToString());
    }

    public async ValueTask DisposeAsync()
    {
        // A host stays some time after its last machine; here its time is over now.
        if (HostProcess is { } host)
        {
            await SignalAsync(host, "TERM");
        }

        await ledger.AssertNothingLeftAsync();
        data.Dispose();
    }

    private ProcessStartInfo StartInfo(IEnumerable<string> arguments)
    {
        ProcessStartInfo startInfo = new(program, arguments) { WorkingDirectory = AppContext.BaseDirectory };
        startInfo.Environment[UserFolders.OverrideVariable] = data.FullPath;
        foreach ((string name, string value) in Variables)
        {
            startInfo.Environment[name] = value;
        }

        return startInfo;
    }
}

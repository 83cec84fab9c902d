using System.Diagnostics;

namespace VpcComApi.TestSupport;

/// <summary>
/// A Windows of a test run's own: a private Wine prefix with its registry, its C: drive and its processes. All ends, and all is deleted,
/// with <see cref="DisposeAsync"/>. On Windows the same calls run the same programs directly, on the machine's own registry.
/// </summary>
public sealed class WineEnvironment : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(1);

    private readonly string? prefix;

    /// <summary>
    /// A program that only runs. It keeps Wine's own services up between two programs, and it is from this one, not from a
    /// tested program, that they inherit the output handles which they hold open. It ends with its input, so when this process dies.
    /// </summary>
    private RunningProgram? keeper;

    private WineEnvironment(string? prefix) => this.prefix = prefix;

    /// <summary>
    /// A text that every process of this environment carries, for <see cref="ProcessLedger"/>. On Windows, where nothing is private, the
    /// folder of the published programs.
    /// </summary>
    public string Marker => prefix ?? PublishedProducts.WindowsFolder;

    /// <summary>The folder that programs see as C:\, as this platform names it.</summary>
    public string DriveC => prefix is null ? Path.GetPathRoot(Environment.SystemDirectory)! : Path.Combine(prefix, "drive_c");

    /// <summary>Makes a new environment. Takes some 15 s the first time on a machine, then well under a second.</summary>
    public static async Task<WineEnvironment> CreateAsync()
    {
        if (OperatingSystem.IsWindows())
        {
            return new WineEnvironment(prefix: null);
        }

        WineEnvironment wine = new(await WinePrefixTemplate.CopyAsync(VariablesOf));
        wine.keeper = wine.Start("cmd", "/q");
        await wine.keeper.WriteLineAsync("echo Wine is up");
        await wine.keeper.WaitForOutputAsync("Wine is up", StartLimit);
        return wine;
    }

    /// <summary>How a Windows program names a file or folder of this machine.</summary>
    /// <param name="path">A full path in this platform's form.</param>
    public string ToWindowsPath(string path) => prefix is null ? path : "Z:" + Path.GetFullPath(path).Replace('/', '\\');

    /// <summary>How a Windows program, 32-bit or 64-bit, is started here. Redirection is left to <see cref="RunningProgram"/>.</summary>
    /// <param name="program">A path in this platform's form, a path in Windows' form, or the name of one of Windows' own programs.</param>
    /// <param name="arguments">Its arguments. Paths among them must be in Windows' form.</param>
    public ProcessStartInfo CreateStartInfo(string program, IEnumerable<string> arguments)
    {
        if (prefix is null)
        {
            return new ProcessStartInfo(program, arguments);
        }

        ProcessStartInfo startInfo = new("wine", [program, .. arguments]);
        foreach ((string name, string? value) in VariablesOf(prefix))
        {
            startInfo.Environment[name] = value;
        }

        return startInfo;
    }

    /// <summary>Starts a Windows program and leaves it running.</summary>
    /// <param name="program">A path in this platform's form, a path in Windows' form, or the name of one of Windows' own programs.</param>
    /// <param name="arguments">Its arguments. Paths among them must be in Windows' form.</param>
    public RunningProgram Start(string program, params IEnumerable<string> arguments) =>
        RunningProgram.Start(CreateStartInfo(program, arguments));

    /// <summary>Runs a Windows program to its end.</summary>
    /// <param name="program">A path in this platform's form, a path in Windows' form, or the name of one of Windows' own programs.</param>
    /// <param name="arguments">Its arguments. Paths among them must be in Windows' form.</param>
    /// <param name="input">Its standard input; empty by default.</param>
    /// <param name="limit">How long it may run; <see cref="Wait.DefaultLimit"/> by default.</param>
    public async Task<ProgramResult> RunAsync(
        string program, IEnumerable<string>? arguments = null, string input = "", TimeSpan? limit = null)
    {
        await using RunningProgram running = Start(program, arguments ?? []);
        return await running.FinishAsync(input, limit);
    }

    /// <summary>
    /// Runs a script in the 64-bit script host. Wine's ends silently, with exit code 0, on an error the script does not handle: compare
    /// the output.
    /// </summary>
    /// <param name="script">The script's path in this platform's form.</param>
    /// <param name="arguments">The script's arguments.</param>
    public Task<ProgramResult> RunScriptAsync(string script, params IEnumerable<string> arguments) =>
        RunAsync("cscript", ["//nologo", ToWindowsPath(script), .. arguments]);

    /// <summary>Runs a script in the 32-bit script host.</summary>
    /// <param name="script">The script's path in this platform's form.</param>
    /// <param name="arguments">The script's arguments.</param>
    public Task<ProgramResult> RunScript32Async(string script, params IEnumerable<string> arguments) =>
        RunAsync(@"C:\windows\syswow64\cscript.exe", ["//nologo", ToWindowsPath(script), .. arguments]);

    /// <summary>The content of a registry key with all below it, as "reg export" writes it; empty when there is no such key.</summary>
    /// <param name="key">The key: HKLM\Software\Classes.</param>
    public async Task<string> ExportRegistryAsync(string key)
    {
        using TestDirectory folder = new();
        string file = folder.PathOf("export.reg");
        await RunAsync("reg", ["export", key, ToWindowsPath(file), "/y"]);
        return File.Exists(file) ? await File.ReadAllTextAsync(file) : string.Empty;
    }

    /// <summary>The numbers of this environment's processes whose command line holds a text, for example "vpc.exe".</summary>
    /// <param name="text">The text to look for.</param>
    public IReadOnlyList<int> ProcessesOf(string text) => [.. ProcessLedger.Find(Marker).Intersect(ProcessLedger.Find(text))];

    /// <summary>Ends all programs of this environment, waits until they have ended and deletes its files.</summary>
    public async ValueTask DisposeAsync()
    {
        if (prefix is null)
        {
            return;
        }

        await KillServerAsync(prefix);
        await Wait.UntilAsync(() => ProcessLedger.Find(prefix).Count == 0, "Wine to end");
        await keeper!.DisposeAsync();
        Directory.Delete(prefix, recursive: true);
    }

    private static Dictionary<string, string?> VariablesOf(string prefix) => new()
    {
        ["WINEPREFIX"] = prefix,
        ["WINEDEBUG"] = "-all",
        // .NET maps its code twice, once to write and once to run it. Wine 8 loses track of that: a collection after an exception that
        // crossed a dynamic method, or after a COM wrapper was made, ends the process with "Internal CLR error". One mapping works.
        ["DOTNET_EnableWriteXorExecute"] = "0",
        // Menu entries on the host are not wanted, and there is no display: Wine 10's driver for Wayland complains about that on standard
        // error.
        ["WINEDLLOVERRIDES"] = "winemenubuilder.exe=;winewayland.drv=",
        ["DISPLAY"] = null,
    };

    private static async Task KillServerAsync(string prefix)
    {
        ProcessStartInfo startInfo = new("wineserver", "--kill");
        foreach ((string name, string? value) in VariablesOf(prefix))
        {
            startInfo.Environment[name] = value;
        }

        using Process server = Process.Start(startInfo)!;
        // The exit code is 1 when there is nothing to kill, which is as well.
        await Wait.UntilAsync(server.WaitForExitAsync(), "wineserver --kill");
    }
}

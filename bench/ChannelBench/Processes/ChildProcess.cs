using System.Diagnostics;
using System.Text;

namespace VpcComApi.ChannelBench.Processes;

/// <summary>A program that the benchmark has started. It ends with the benchmark.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(20);

    private readonly Process process;
    private readonly string name;
    private readonly StringBuilder errors = new();

    private ChildProcess(Process process, string name)
    {
        this.process = process;
        this.name = name;
        process.ErrorDataReceived += (_, line) =>
        {
            lock (errors)
            {
                errors.AppendLine(line.Data);
            }
        };
        process.BeginErrorReadLine();
    }

    /// <summary>The process id.</summary>
    public int Id => process.Id;

    /// <summary>Starts a program.</summary>
    /// <param name="program">Its path, or a name in PATH.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">Variables that it gets in addition.</param>
    public static ChildProcess Start(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string key, string value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[key] = value;
        }

        return new ChildProcess(
            Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start."), Path.GetFileName(program));
    }

    /// <summary>Starts this program in another role.</summary>
    /// <param name="role">The role's name.</param>
    public static ChildProcess StartSelf(string role) => Start(
        Environment.ProcessPath ?? throw new InvalidOperationException("This program does not know its own path."), [role]);

    /// <summary>Starts a program that does not watch this process. It ends after a time limit even if this process is killed.</summary>
    /// <param name="program">Its path, or a name in PATH.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">Variables that it gets in addition.</param>
    public static ChildProcess StartLimited(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null) =>
        Start("timeout", ["--kill-after=10", "900", program, .. arguments], environment);

    /// <summary>Waits for a line of standard output.</summary>
    /// <param name="isWanted">Returns whether a line is the expected one.</param>
    /// <exception cref="InvalidOperationException">The program ended without it.</exception>
    /// <exception cref="TimeoutException">It took too long.</exception>
    public async Task<string> ReadLineAsync(Func<string, bool> isWanted)
    {
        using CancellationTokenSource limit = new(StartLimit);
        try
        {
            while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
            {
                if (isWanted(line))
                {
                    return line;
                }
            }
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{name} did not get ready within {StartLimit.TotalSeconds:0} s. {Errors()}");
        }

        throw new InvalidOperationException($"{name} ended before it was ready. {Errors()}");
    }

    /// <summary>Drops further output of the program, so that the program never blocks.</summary>
    public void DropOutput() => _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);

    /// <summary>Requests the program's end, and kills it when it does not end.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            process.StandardInput.Close();
            Signals.Terminate(process.Id);
            using CancellationTokenSource limit = new(EndLimit);
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }

        process.Dispose();
    }

    private string Errors()
    {
        lock (errors)
        {
            return errors.ToString();
        }
    }
}

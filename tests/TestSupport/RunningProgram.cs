using System.Diagnostics;
using System.Text;

namespace VpcComApi.TestSupport;

/// <summary>A program started by a test: its output is kept, every wait has a limit, and it does not outlive the test.</summary>
public sealed class RunningProgram : IAsyncDisposable
{
    private readonly Process process;
    private readonly string name;
    private readonly long started = Stopwatch.GetTimestamp();
    private readonly OutputText output;
    private readonly OutputText error;

    private RunningProgram(Process process, string name)
    {
        this.process = process;
        this.name = name;
        output = new OutputText(process.StandardOutput.BaseStream);
        error = new OutputText(process.StandardError.BaseStream);
    }

    /// <summary>The operating system's number of the process.</summary>
    public int Id => process.Id;

    /// <summary>Whether the program has ended.</summary>
    public bool HasExited => process.HasExited;

    /// <summary>What it has written to standard output so far, with line ends as "\n".</summary>
    public string Output => output.ToString();

    /// <summary>What it has written to standard error so far, with line ends as "\n".</summary>
    public string Error => error.ToString();

    /// <summary>Starts a program.</summary>
    /// <param name="startInfo">What to start. Redirection is set here.</param>
    public static RunningProgram Start(ProcessStartInfo startInfo)
    {
        startInfo.UseShellExecute = false;
        startInfo.RedirectStandardInput = true;
        startInfo.RedirectStandardOutput = true;
        startInfo.RedirectStandardError = true;
        startInfo.StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

        string name = $"{Path.GetFileName(startInfo.FileName)} {string.Join(' ', startInfo.ArgumentList)}".TrimEnd();
        Process process = Process.Start(startInfo) ?? throw new InvalidOperationException($"{name} did not start.");
        return new RunningProgram(process, name);
    }

    /// <summary>Runs a program of this platform to its end.</summary>
    /// <param name="program">The program's path, or a name in PATH.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="input">Its standard input; empty by default.</param>
    /// <param name="limit">How long it may run; <see cref="Wait.DefaultLimit"/> by default.</param>
    public static async Task<ProgramResult> RunAsync(
        string program, IEnumerable<string> arguments, string input = "", TimeSpan? limit = null)
    {
        await using RunningProgram running = Start(new ProcessStartInfo(program, arguments));
        return await running.FinishAsync(input, limit);
    }

    /// <summary>Writes one line to standard input.</summary>
    /// <param name="line">The line, without its end.</param>
    public async Task WriteLineAsync(string line)
    {
        await process.StandardInput.WriteAsync(line + "\n");
        await process.StandardInput.FlushAsync();
    }

    /// <summary>Ends standard input.</summary>
    public void CloseInput() => process.StandardInput.Close();

    /// <summary>Waits until standard output holds a text.</summary>
    /// <param name="text">The text to wait for.</param>
    /// <param name="limit">How long at most; <see cref="Wait.DefaultLimit"/> by default.</param>
    /// <exception cref="InvalidOperationException">The program ended without it.</exception>
    public async Task WaitForOutputAsync(string text, TimeSpan? limit = null)
    {
        try
        {
            if (!await Wait.UntilAsync(output.ContainsAsync(text), $"\"{text}\" from {name}", limit))
            {
                throw new InvalidOperationException($"{name} ended without writing \"{text}\".\n{Describe()}");
            }
        }
        catch (TimeoutException timeout)
        {
            throw new TimeoutException($"{timeout.Message}\n{Describe()}", timeout);
        }
    }

    /// <summary>Writes the rest of standard input, ends it, and waits for the program to end.</summary>
    /// <param name="input">The rest of standard input.</param>
    /// <param name="limit">How long it may still run; <see cref="Wait.DefaultLimit"/> by default.</param>
    /// <exception cref="TimeoutException">The limit passed. The program has been killed.</exception>
    public async Task<ProgramResult> FinishAsync(string input = "", TimeSpan? limit = null)
    {
        await WriteInputAsync(input);
        try
        {
            await Wait.UntilAsync(process.WaitForExitAsync(), $"{name} to end", limit);
            await Task.WhenAll(output.CompleteAsync(), error.CompleteAsync());
        }
        catch (TimeoutException timeout)
        {
            Kill();
            throw new TimeoutException($"{timeout.Message}\n{Describe()}", timeout);
        }

        return new ProgramResult(process.ExitCode, Output, Error, Stopwatch.GetElapsedTime(started));
    }

    /// <summary>Ends the program and all that it started, at once and without asking.</summary>
    public void Kill()
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
    }

    /// <summary>Kills the program if it still runs.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            Kill();
            await Wait.UntilAsync(process.WaitForExitAsync(), $"{name} to end after it was killed");
        }

        process.Dispose();
    }

    private async Task WriteInputAsync(string input)
    {
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The program ended without reading its input: its exit code tells the story.
        }
    }

    private string Describe() => $"--- output\n{Output}\n--- error\n{Error}";
}

using System.Diagnostics;
using VpcComApi.ChannelEnds;

namespace VpcComApi.RemoteCommand.Guest;

/// <summary>One command line in the guest's shell. Its output is sent to the host line by line, as it is written.</summary>
/// <param name="commandLine">The command line.</param>
/// <param name="host">Receives the output.</param>
internal sealed class ShellCommand(string commandLine, LineConnection host) : IDisposable
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(60);

    /// <summary>This many characters always fit into a line of the channel: UTF-8 needs at most three bytes for each.</summary>
    private const int LongestPiece = (LineConnection.LongestLine - 4) / 3;

    private readonly SemaphoreSlim oneWriter = new(1);

    /// <summary>Runs to the end, or to the time limit.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(TimeLimit);
        using Process shell = Process.Start(StartInfo())!;
        try
        {
            shell.StandardInput.Close();
            await Task.WhenAll(
                SendAsync("OUT ", shell.StandardOutput, limit.Token, stop),
                SendAsync("ERR ", shell.StandardError, limit.Token, stop));
            await shell.WaitForExitAsync(limit.Token);
            await host.WriteLineAsync($"EXIT {shell.ExitCode}", stop);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            await host.WriteLineAsync($"FAILED it ran longer than {TimeLimit.TotalSeconds:0} s and was ended", stop);
        }
        finally
        {
            if (!shell.HasExited)
            {
                shell.Kill(entireProcessTree: true);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => oneWriter.Dispose();

    private ProcessStartInfo StartInfo()
    {
        ProcessStartInfo startInfo = OperatingSystem.IsWindows()
            // cmd uses the rest of its command line unchanged.
            ? new("cmd.exe", "/d /s /c \"" + commandLine + "\"")
            : new("/bin/sh", ["-c", commandLine]);
        startInfo.RedirectStandardInput = true;
        startInfo.RedirectStandardOutput = true;
        startInfo.RedirectStandardError = true;
        return startInfo;
    }

    /// <summary>The time limit ends the reading but never truncates a line that is being sent.</summary>
    private async Task SendAsync(string prefix, StreamReader output, CancellationToken limit, CancellationToken stop)
    {
        while (await output.ReadLineAsync(limit) is { } line)
        {
            foreach (string piece in line.Length == 0 ? [string.Empty] : line.Chunk(LongestPiece).Select(part => new string(part)))
            {
                await oneWriter.WaitAsync(stop);
                try
                {
                    await host.WriteLineAsync(prefix + piece, stop);
                }
                finally
                {
                    oneWriter.Release();
                }
            }
        }
    }
}

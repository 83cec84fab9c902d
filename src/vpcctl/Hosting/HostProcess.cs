using System.Diagnostics;
using VpcComApi.CommandLine.Machines;
using VpcComApi.Platform.Linux;

namespace VpcComApi.CommandLine.Hosting;

/// <summary>The background process that hosts the machines, as the one sees it that starts it, and as it sees itself.</summary>
internal static class HostProcess
{
    /// <summary>The command that makes this program a host.</summary>
    public const string Command = "host";

    /// <summary>What a host writes when other programs can connect.</summary>
    public const string ReadyLine = "ready";

    /// <summary>Starts a host and waits until it is ready, or until it has ended because another one is there.</summary>
    /// <exception cref="CommandException">It does not come up.</exception>
    public static async Task StartAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limits.HostStart);
        using Process process = Start();
        try
        {
            if (await process.StandardOutput.ReadLineAsync(limit.Token) == ReadyLine)
            {
                return;
            }

            string error = await process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            if (process.ExitCode != (int)ExitCode.Done)
            {
                throw new CommandException(
                    ExitCode.HostUnavailable, $"The process that hosts the machines did not start: {FirstLine(error, process.ExitCode)}");
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            process.Kill();
            throw new CommandException(
                ExitCode.HostUnavailable,
                $"The process that hosts the machines was not ready within {Limits.HostStart.TotalSeconds:0} s. "
                    + "\"vpcctl log\" may say why.");
        }
    }

    /// <summary>Makes this process independent of the terminal and the folder of the one that started it.</summary>
    public static void Detach()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        // Fails only for the leader of a process group, which a process that was started by StartAsync is not.
        _ = Libc.setsid();
        Environment.CurrentDirectory = "/";
    }

    private static Process Start()
    {
        // Pipes and not the caller's own output: a script that reads the caller's output to its end must not wait for the host's.
        ProcessStartInfo startInfo = new(ProgramPath(), [Command])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        return Process.Start(startInfo)
            ?? throw new CommandException(ExitCode.HostUnavailable, $"{startInfo.FileName} {Command} did not start.");
    }

    private static string ProgramPath()
    {
        // Under "dotnet vpcctl.dll" the process is dotnet; the program that is built beside the dll is meant.
        string beside = Path.Combine(AppContext.BaseDirectory, "vpcctl");
        return File.Exists(beside) ? beside : Environment.ProcessPath!;
    }

    private static string FirstLine(string error, int exitCode) =>
        error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault()
        ?? $"it ended with exit code {exitCode}.";
}

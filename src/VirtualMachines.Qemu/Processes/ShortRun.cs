using System.ComponentModel;
using System.Text;

namespace VpcComApi.VirtualMachines.Qemu.Processes;

/// <summary>The run of a program that prints information and ends.</summary>
/// <param name="ExitCode">Its exit code; null when it had to be killed.</param>
/// <param name="Output">Its output, standard output first, at most <see cref="MaxOutput"/> characters of each.</param>
internal sealed record ShortRun(int? ExitCode, string Output)
{
    /// <summary>The most characters of each output; the rest is dropped.</summary>
    public const int MaxOutput = 4096;

    /// <summary>Runs a program to its end. One that takes too long is killed.</summary>
    /// <param name="path">The program.</param>
    /// <param name="arguments">Its arguments, unquoted.</param>
    /// <param name="limit">How long it may take.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="cancellationToken">Kills it and cancels the call.</param>
    /// <exception cref="VirtualMachineException">It could not be started.</exception>
    public static async Task<ShortRun> RunAsync(
        string path, IEnumerable<string> arguments, TimeSpan limit, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        try
        {
            using LaunchedProgram program = await LaunchedProgram.StartAsync(path, arguments);
            using CancellationTokenSource timeout = new(limit, timeProvider);
            using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
            try
            {
                Task<string> output = ReadAsync(program.Output, ending.Token);
                Task<string> errors = ReadAsync(program.Errors, ending.Token);
                int exitCode = await program.Exited.WaitAsync(ending.Token);
                return new ShortRun(exitCode, await output + await errors);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return new ShortRun(null, "");
            }
            finally
            {
                program.Kill();
            }
        }
        catch (Exception e) when (e is Win32Exception or IOException)
        {
            throw new VirtualMachineException(VirtualMachineError.ProviderFailed, $"'{path}' could not be started: {e.Message}", e);
        }
    }

    /// <summary>Describes the run, for an error text.</summary>
    public string Describe() => ExitCode is { } code ? $"ended with {code} and printed '{Output.Trim()}'" : "did not answer";

    private static async Task<string> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        using StreamReader reader = new(stream, Encoding.UTF8);
        StringBuilder kept = new();
        char[] buffer = new char[512];
        while (await reader.ReadAsync(buffer, cancellationToken) is > 0 and int length)
        {
            kept.Append(buffer, 0, Math.Min(length, MaxOutput - kept.Length));
        }

        return kept.ToString();
    }
}

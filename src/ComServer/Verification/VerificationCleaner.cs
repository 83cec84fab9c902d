using System.Diagnostics;

namespace VpcComApi.ComServer.Verification;

/// <summary>
/// Removes what a run of /Verify made, in a process of its own: it waits for the end of its input, which comes when the verifying process
/// is done and also when that one is killed.
/// </summary>
internal sealed class VerificationCleaner : IDisposable
{
    /// <summary>How long the run's last server may keep its log open: its idle time, and something on top.</summary>
    private static readonly TimeSpan FolderLimit = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromMilliseconds(250);

    private readonly Process process;

    private VerificationCleaner(Process process) => this.process = process;

    /// <summary>Starts the cleaner of a run.</summary>
    public static VerificationCleaner Start(VerificationSession session) => new(Process.Start(
        new ProcessStartInfo(Environment.ProcessPath!, ["/VerificationCleaner", $"{session.Id:N}"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
        })!);

    /// <summary>What the cleaner does.</summary>
    /// <param name="session">The run.</param>
    /// <param name="input">Its end is the run's end.</param>
    public static void Run(VerificationSession session, TextReader input)
    {
        while (input.ReadLine() is not null)
        {
        }

        VerificationRegistration.Remove(session);
        long begun = Stopwatch.GetTimestamp();
        while (!TryDelete(session.Folder) && Stopwatch.GetElapsedTime(begun) < FolderLimit)
        {
            Thread.Sleep(TryAgainAfter);
        }
    }

    /// <summary>Deletes a run's folder if nobody uses it.</summary>
    public static bool TryDelete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
            return true;
        }
        catch (DirectoryNotFoundException)
        {
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Lets the cleaner work and waits for it.</summary>
    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit(FolderLimit + FolderLimit);
        process.Dispose();
    }
}

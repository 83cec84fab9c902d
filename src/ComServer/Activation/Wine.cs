using System.Diagnostics;
using VpcComApi.Platform.Wine;

namespace VpcComApi.ComServer.Activation;

/// <summary>What this program does differently when its Windows is Wine.</summary>
internal static class Wine
{
    /// <summary>Read by the runtime before any code of ours runs, and from the environment alone.</summary>
    private const string WriteXorExecute = "DOTNET_EnableWriteXorExecute";

    private const string Off = "0";

    private const string ServerMutex = @"Local\VpcComApi.ComServer.";

    /// <summary>
    /// How long a process stays that COM has started and that does not serve. Wine's COM looks for the class every second, for half a
    /// minute.
    /// </summary>
    private static readonly TimeSpan ClassRegistrationLimit = TimeSpan.FromSeconds(30);

    /// <summary>How long a server waits for another one that serves or is about to.</summary>
    private static readonly TimeSpan TurnLimit = TimeSpan.FromSeconds(20);

    /// <summary>
    /// Whether this process runs in a way that Wine 8 does not survive: with code mapped twice, as .NET does by default, a garbage
    /// collection after COM wrappers were made ends the process (Internal CLR error 0x80131506). Wine 10 does; but a trial of wrappers and
    /// collections comes through under Wine 8 too, so what it shows says too little, and code is mapped once under every Wine.
    /// </summary>
    public static bool NeedsNewStart => WineHost.IsPresent && Environment.GetEnvironmentVariable(WriteXorExecute) != Off;

    /// <summary>Starts the program once more, with code mapped once.</summary>
    /// <param name="arguments">The command line, without the program's name.</param>
    public static void StartAgain(IEnumerable<string> arguments)
    {
        ProcessStartInfo again = new(Environment.ProcessPath!, arguments) { UseShellExecute = false };
        again.Environment[WriteXorExecute] = Off;
        using Process? served = Process.Start(again);

        // Wine takes the end of the process that it started for a failure until it has found the class.
        served?.WaitForExit(ClassRegistrationLimit);
    }

    /// <summary>
    /// Waits until this process is the only server. Windows starts one; Wine lets every client start one that does not find the class yet.
    /// A client finds the class of whichever server has it, so the others need only stay alive until it has.
    /// </summary>
    /// <param name="classId">The class that is served.</param>
    /// <returns>What to dispose, on this thread, when this server has ended; null when another one serves.</returns>
    public static IDisposable? TryBecomeServer(Guid classId)
    {
        Mutex mutex = new(initiallyOwned: false, $"{ServerMutex}{classId:N}");
        try
        {
            if (!mutex.WaitOne(TurnLimit))
            {
                mutex.Dispose();
                return null;
            }
        }
        catch (AbandonedMutexException)
        {
            // The last server was killed; the mutex is this one's now.
        }

        return new OwnedMutex(mutex);
    }

    private sealed class OwnedMutex(Mutex mutex) : IDisposable
    {
        public void Dispose()
        {
            mutex.ReleaseMutex();
            mutex.Dispose();
        }
    }
}

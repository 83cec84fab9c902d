using System.Diagnostics;

namespace VpcComApi.VirtualMachines.Configuration;

/// <summary>
/// Keeps the threads of every process of this user out of each other's way while files are read, changed and written. The lock is a file
/// that is held open without sharing, so the system frees it when its holder dies. Held for the time of a file access, never while a
/// caller's code runs.
/// </summary>
/// <param name="path">The lock file; its folder must exist.</param>
internal sealed class CrossProcessLock(string path)
{
    /// <summary>How long to wait for another process. It holds the lock for milliseconds; a longer time means that it hangs.</summary>
    public static readonly TimeSpan WaitLimit = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMilliseconds(5);

    private readonly Lock inProcess = new();

    /// <summary>Does something while nobody else can.</summary>
    /// <typeparam name="T">The result.</typeparam>
    /// <param name="action">What to do.</param>
    /// <exception cref="VirtualMachineException">
    /// <see cref="VirtualMachineError.TimedOut"/>: another process holds the lock for too long.
    /// </exception>
    public T Run<T>(Func<T> action)
    {
        lock (inProcess)
        {
            using FileStream held = WaitForFile();
            return action();
        }
    }

    /// <summary>Takes a lock file if nobody has it.</summary>
    /// <param name="path">The lock file.</param>
    /// <returns>The held file, to be disposed, or null when somebody has it.</returns>
    public static FileStream? TryTake(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e is not (DirectoryNotFoundException or FileNotFoundException or PathTooLongException))
        {
            return null;
        }
    }

    private FileStream WaitForFile()
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                if (TryTake(path) is { } held)
                {
                    return held;
                }
            }
            catch (Exception e) when (StorageErrors.IsStorageError(e))
            {
                throw StorageErrors.Translate(e, $"The lock file {path} could not be opened");
            }

            if (Stopwatch.GetElapsedTime(start) > WaitLimit)
            {
                throw new VirtualMachineException(
                    VirtualMachineError.TimedOut,
                    $"Another process has held {path} for {WaitLimit.TotalSeconds:0} s. End the other vpc or vpcctl process and try again.");
            }

#pragma warning disable RS0030 // Another process lets go of a file lock without telling anybody; the limit is above.
            Thread.Sleep(LookAgainAfter);
#pragma warning restore RS0030
        }
    }
}

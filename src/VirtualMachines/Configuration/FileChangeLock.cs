using System.Diagnostics;

namespace VpcComApi.VirtualMachines.Configuration;

/// <summary>
/// Keeps all who change one file out of each other's way while it is read, changed and written: the threads of this process, and other
/// processes, whatever their data folders are, by <see cref="FileRight.Change"/>. Held for the time of a file access, never while a
/// caller's code runs.
/// </summary>
/// <param name="file">The full path of the file.</param>
/// <param name="elsewhere">The folder for a lock that cannot be beside its file.</param>
internal sealed class FileChangeLock(string file, string elsewhere)
{
    /// <summary>How long to wait for another process. It holds the lock for milliseconds; a longer time means that it hangs.</summary>
    public static readonly TimeSpan WaitLimit = TimeSpan.FromSeconds(10);

    private readonly Lock inProcess = new();

    /// <summary>Does something while nobody else can.</summary>
    /// <typeparam name="T">The result.</typeparam>
    /// <param name="action">What to do.</param>
    /// <exception cref="VirtualMachineException">
    /// <see cref="VirtualMachineError.TimedOut"/>: another process holds the lock for too long; or the lock file cannot be opened or made.
    /// </exception>
    public T Run<T>(Func<T> action)
    {
        lock (inProcess)
        {
            using FileUseLock held = WaitForIt();
            return action();
        }
    }

    /// <inheritdoc cref="Run{T}"/>
    public void Run(Action action) => Run(() =>
    {
        action();
        return true;
    });

    private FileUseLock WaitForIt()
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            // It waits a while itself before it says that somebody has it.
            if (FileUseLock.TryTake(file, exclusive: true, elsewhere, FileRight.Change) is { } held)
            {
                return held;
            }

            if (Stopwatch.GetElapsedTime(start) > WaitLimit)
            {
                throw new VirtualMachineException(
                    VirtualMachineError.TimedOut,
                    $"Another process has been changing {file} for {WaitLimit.TotalSeconds:0} s. "
                        + "End the other vpc or vpcctl process and try again.");
            }
        }
    }
}

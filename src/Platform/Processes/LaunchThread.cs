using System.Collections.Concurrent;

namespace VpcComApi.Platform.Processes;

/// <summary>
/// The thread that starts the processes of machines. Linux signals a child process when the thread that has started it ends, and not the
/// process, so this thread must run as long as the process; a thread of the pool does not.
/// </summary>
internal static class LaunchThread
{
    private static readonly BlockingCollection<Action> Work = [];
    private static readonly Lazy<Thread> Started = new(Start);

    /// <summary>Runs a function on the thread and returns its result.</summary>
    /// <typeparam name="T">The result's type.</typeparam>
    /// <param name="function">The function; it starts one process and must not block otherwise.</param>
    public static Task<T> RunAsync<T>(Func<T> function)
    {
        _ = Started.Value;
        TaskCompletionSource<T> result = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Work.Add(() =>
        {
            try
            {
                result.SetResult(function());
            }
            catch (Exception e)
            {
                result.SetException(e);
            }
        });

        return result.Task;
    }

    private static Thread Start()
    {
        Thread thread = new(() =>
        {
            foreach (Action action in Work.GetConsumingEnumerable())
            {
                action();
            }
        })
        {
            IsBackground = true,
            Name = "Machine process launcher",
        };

        thread.Start();
        return thread;
    }
}

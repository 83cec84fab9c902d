using System.Diagnostics;

namespace VpcComApi.TestSupport;

/// <summary>Waits with a limit. The error after the limit names the event.</summary>
public static class Wait
{
    /// <summary>Long enough for anything that works, on a busy machine with two cores.</summary>
    public static readonly TimeSpan DefaultLimit = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMilliseconds(10);

    /// <summary>Waits for a task. Preferred: it wakes at once.</summary>
    /// <param name="task">What to wait for.</param>
    /// <param name="what">The event, for the error text: "the channel to close".</param>
    /// <param name="limit">How long at most; <see cref="DefaultLimit"/> by default.</param>
    /// <exception cref="TimeoutException">The limit passed.</exception>
    public static async Task UntilAsync(Task task, string what, TimeSpan? limit = null)
    {
        TimeSpan patience = limit ?? DefaultLimit;
        try
        {
            await task.WaitAsync(patience);
        }
        catch (TimeoutException) when (!task.IsCompleted)
        {
            throw Expired(what, patience);
        }
    }

    /// <summary>Waits for a task and answers its result.</summary>
    /// <typeparam name="T">The result's type.</typeparam>
    /// <param name="task">What to wait for.</param>
    /// <param name="what">The event, for the error text.</param>
    /// <param name="limit">How long at most; <see cref="DefaultLimit"/> by default.</param>
    /// <exception cref="TimeoutException">The limit passed.</exception>
    public static async Task<T> UntilAsync<T>(Task<T> task, string what, TimeSpan? limit = null)
    {
        await UntilAsync((Task)task, what, limit);
        return await task;
    }

    /// <summary>Waits for a state that raises no event: a process table, a file another process writes. Looks again every 10 ms.</summary>
    /// <param name="condition">True when the wait is over.</param>
    /// <param name="what">The event, for the error text.</param>
    /// <param name="limit">How long at most; <see cref="DefaultLimit"/> by default.</param>
    /// <exception cref="TimeoutException">The limit passed.</exception>
    public static Task UntilAsync(Func<bool> condition, string what, TimeSpan? limit = null) =>
        UntilAsync(() => Task.FromResult(condition()), what, limit);

    /// <inheritdoc cref="UntilAsync(Func{bool}, string, TimeSpan?)"/>
    public static async Task UntilAsync(Func<Task<bool>> condition, string what, TimeSpan? limit = null)
    {
        TimeSpan patience = limit ?? DefaultLimit;
        long start = Stopwatch.GetTimestamp();
        using PeriodicTimer timer = new(LookAgainAfter);
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(start) > patience)
            {
                throw Expired(what, patience);
            }

            await timer.WaitForNextTickAsync();
        }
    }

    private static TimeoutException Expired(string what, TimeSpan limit) =>
        new($"Waited {limit.TotalSeconds:0.#} s for {what}, which did not happen.");
}

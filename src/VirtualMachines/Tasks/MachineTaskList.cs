namespace VpcComApi.VirtualMachines.Tasks;

/// <summary>The tasks that run, and those that ended lately.</summary>
/// <param name="timeProvider">The clock.</param>
/// <param name="changed">Hears when a task has begun or ended.</param>
internal sealed class MachineTaskList(TimeProvider timeProvider, Action changed)
{
    /// <summary>How long a task stays in the list after its end, so that a client that looks now and then sees how it ended.</summary>
    public static readonly TimeSpan KeptAfterEnd = TimeSpan.FromMinutes(10);

    /// <summary>The most ended tasks in the list; the oldest go first.</summary>
    public const int MaximumEnded = 100;

    private static int lastId;

    private readonly Lock sync = new();
    private readonly List<MachineTask> tasks = [];

    /// <summary>A copy of the list, in the order in which the tasks began.</summary>
    public IReadOnlyList<MachineTask> Snapshot
    {
        get
        {
            lock (sync)
            {
                Prune();
                return [.. tasks];
            }
        }
    }

    /// <summary>Whether a task runs.</summary>
    public bool AnyRunning
    {
        get
        {
            lock (sync)
            {
                return tasks.Any(task => !task.IsComplete);
            }
        }
    }

    /// <summary>Begins a task.</summary>
    /// <param name="description">What is being done, on what.</param>
    /// <param name="cancelable">Whether a caller may cancel it, until <see cref="MachineTask.EndCancellation"/>.</param>
    /// <param name="work">The work. It begins on another thread; what it throws becomes the task's error.</param>
    public MachineTask Start(string description, bool cancelable, Func<MachineTask, CancellationToken, Task> work)
    {
        MachineTask task = new(Interlocked.Increment(ref lastId), description, cancelable);
        lock (sync)
        {
            Prune();
            tasks.Add(task);
        }

        changed();
#pragma warning disable RS0030 // The work of a task begins on another thread; its Completion is what callers wait for.
        _ = Task.Run(async () =>
        {
            await task.RunAsync(token => work(task, token), timeProvider);
            changed();
        });
#pragma warning restore RS0030
        return task;
    }

    private void Prune()
    {
        tasks.RemoveAll(task => task.EndedAt is { } endedAt && timeProvider.GetElapsedTime(endedAt) >= KeptAfterEnd);
        for (int surplus = tasks.Count(task => task.IsComplete) - MaximumEnded; surplus > 0; surplus--)
        {
            tasks.Remove(tasks.First(task => task.IsComplete));
        }
    }
}

namespace VpcComApi.VirtualMachines.Providers;

/// <summary>The reset that somebody waits for. Safe for many threads.</summary>
internal sealed class PendingReset
{
    /// <summary>Guards <see cref="wanted"/>.</summary>
    private readonly Lock sync = new();

    private TaskCompletionSource? wanted;

    /// <summary>Whether somebody waits.</summary>
    public bool IsWanted
    {
        get
        {
            lock (sync)
            {
                return wanted is not null;
            }
        }
    }

    /// <summary>Begins to wait.</summary>
    public Task ExpectAsync()
    {
        lock (sync)
        {
            wanted ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return wanted.Task;
        }
    }

    /// <summary>The machine has been reset.</summary>
    public void Complete() => Take()?.TrySetResult();

    /// <summary>The machine will not be reset.</summary>
    /// <param name="failure">Why.</param>
    public void Fail(Exception failure) => Take()?.TrySetException(failure);

    private TaskCompletionSource? Take()
    {
        lock (sync)
        {
            (TaskCompletionSource? taken, wanted) = (wanted, null);
            return taken;
        }
    }
}

namespace VpcComApi.ExampleProvider.Tests;

/// <summary>Decides whether a guest executes: it waits here before each step. Safe for many threads.</summary>
internal sealed class ExampleProcessor
{
    private volatile TaskCompletionSource running = new();

    /// <summary>Makes one that executes.</summary>
    public ExampleProcessor() => running.SetResult();

    /// <summary>Stops the guest. Called by one command at a time, as <see cref="ContinueAsync"/> is.</summary>
    public Task StopAsync()
    {
        if (running.Task.IsCompleted)
        {
            running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        return Task.CompletedTask;
    }

    /// <summary>Lets the guest continue.</summary>
    public Task ContinueAsync()
    {
        running.TrySetResult();
        return Task.CompletedTask;
    }

    /// <summary>Waits until the guest may execute.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task WaitAsync(CancellationToken cancellationToken) => running.Task.WaitAsync(cancellationToken);
}

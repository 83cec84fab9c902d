namespace VpcComApi.CommandLine;

/// <summary>Work that must be over in time.</summary>
internal static class TimeLimit
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    /// <summary>Runs work with a limit.</summary>
    /// <param name="limit">How long it may take.</param>
    /// <param name="what">What is being done, for the person: "Windows XP Mode to be ready".</param>
    /// <param name="work">The work. It ends when its token is cancelled.</param>
    /// <param name="cancellationToken">Ends the work for another reason.</param>
    /// <exception cref="CommandException">The limit has passed.</exception>
    public static async Task RunAsync(
        TimeSpan limit, string what, Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(limit);
        try
        {
            await EndInTimeAsync(work(limited.Token), limited.Token);
        }
        catch (OperationCanceledException) when (limited.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new CommandException(
                ExitCode.TimedOut,
                $"Waited {limit.TotalSeconds:0.#} s for {what}, which did not happen. It may still happen; "
                    + "\"vpcctl state\" and \"vpcctl log\" show the current state.");
        }
    }

    /// <summary>
    /// Waits for work, and after its cancellation no longer than it may take to hear of it: a host that hangs hears nothing.
    /// </summary>
    private static async Task EndInTimeAsync(Task work, CancellationToken cancellationToken)
    {
        try
        {
            await work.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (!work.IsCompleted)
        {
            await Task.WhenAny(work, Task.Delay(Grace, CancellationToken.None));
            if (!work.IsCompleted)
            {
                throw;
            }

            await work;
        }
    }
}

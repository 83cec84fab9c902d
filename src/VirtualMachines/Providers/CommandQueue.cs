using System.Diagnostics.CodeAnalysis;

namespace VpcComApi.VirtualMachines.Providers;

/// <summary>The commands of one machine, which are carried out one after the other. Safe for many threads.</summary>
/// <param name="timeProvider">The clock.</param>
[SuppressMessage(
    "Design",
    "CA1001:Types that own disposable fields should be disposable",
    Justification = "The sources have no timer and no wait handle, so they hold nothing.")]
internal sealed class CommandQueue(TimeProvider timeProvider)
{
    /// <summary>Held by the command that is carried out.</summary>
    private readonly SemaphoreSlim turn = new(1);

    /// <summary>Cancelled when the machine is killed; the command under way is to stop.</summary>
    private readonly CancellationTokenSource stopped = new();

    /// <summary>Cancelled when a machine that was killed has ended; nobody waits any longer for a command that has not stopped.</summary>
    private readonly CancellationTokenSource abandoned = new();

    /// <summary>Cancelled by <see cref="Stop"/>.</summary>
    public CancellationToken Stopped => stopped.Token;

    /// <summary>Carries out a command when those before it have ended.</summary>
    /// <param name="command">The command. Its token is cancelled by the caller's, and by <see cref="Stop"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled, or the queue was stopped.</exception>
    public async Task RunAsync(Func<CancellationToken, Task> command, CancellationToken cancellationToken) =>
        await InTurnAsync(command, cancellationToken).WaitAsync(abandoned.Token);

    /// <summary>Waits for the turn and takes it.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False when the queue was stopped; it is nobody's turn then.</returns>
    public Task<bool> TryTakeAsync(CancellationToken cancellationToken) => TryTakeAsync(Timeout.InfiniteTimeSpan, cancellationToken);

    /// <summary>Waits for the turn, not longer than a limit, and takes it.</summary>
    /// <param name="limit">The limit.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False when the limit has passed or the queue was stopped.</returns>
    public async Task<bool> TryTakeAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timeout = new(limit, timeProvider);
        using CancellationTokenSource any = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token, Stopped);
        try
        {
            await turn.WaitAsync(any.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Gives the turn back.</summary>
    public void Release() => turn.Release();

    /// <summary>
    /// Cancels the command under way, and those that wait. Does not wait for them: what a command does when it is cancelled is not what the
    /// caller waits for.
    /// </summary>
    public void Stop() => _ = stopped.CancelAsync();

    /// <summary>After <see cref="Stop"/>: gives up a command that has not stopped.</summary>
    public void Abandon()
    {
        if (stopped.IsCancellationRequested)
        {
            _ = abandoned.CancelAsync();
        }
    }

    private async Task InTurnAsync(Func<CancellationToken, Task> command, CancellationToken cancellationToken)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, Stopped);
        await turn.WaitAsync(stop.Token);
        try
        {
            await command(stop.Token);
        }
        finally
        {
            turn.Release();
        }
    }
}

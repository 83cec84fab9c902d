using System.Diagnostics.CodeAnalysis;

namespace VpcComApi.VirtualMachines.Machines;

/// <summary>Lets one operation work at a time. The others wait by the host's clock, and none of them without a limit.</summary>
/// <param name="timeProvider">The clock.</param>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable",
    Justification = "A semaphore without a wait handle holds nothing.")]
internal sealed class Turn(TimeProvider timeProvider)
{
    private readonly SemaphoreSlim free = new(1, 1);

    /// <summary>Takes the turn if nobody has it.</summary>
    public bool TryTake() => free.Wait(0);

    /// <summary>Takes the turn, and keeps the caller's thread waiting for it.</summary>
    /// <param name="limit">How long it waits.</param>
    /// <returns>False when somebody else has had it all that time.</returns>
    public bool TryTake(TimeSpan limit)
    {
        if (TryTake())
        {
            return true;
        }

        using CancellationTokenSource timeout = new(limit, timeProvider);
        try
        {
            free.Wait(timeout.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Takes the turn.</summary>
    /// <param name="limit">How long it waits.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False when somebody else has had it all that time.</returns>
    /// <exception cref="OperationCanceledException">The wait was ended.</exception>
    public async Task<bool> TryTakeAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timeout = new(limit, timeProvider);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await free.WaitAsync(either.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Hands the turn on. Its holder does that.</summary>
    public void Release() => free.Release();
}

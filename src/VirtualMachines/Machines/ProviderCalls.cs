using VpcComApi.VirtualMachines.Configuration;

namespace VpcComApi.VirtualMachines.Machines;

/// <summary>Calls a machine's provider, for a limited time.</summary>
internal static class ProviderCalls
{
    /// <summary>Calls a provider, which gets a token that ends the call at the limit, and is given up when it does not obey it.</summary>
    /// <param name="context">The machine.</param>
    /// <param name="call">The call.</param>
    /// <param name="limit">How long it may take.</param>
    /// <param name="what">What the provider is to do with the machine, for texts: "start".</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="VirtualMachineException">
    /// <see cref="VirtualMachineError.TimedOut"/>, <see cref="VirtualMachineError.ProviderFailed"/>, or the code of a file that it could
    /// not read or write.
    /// </exception>
    public static async Task CallProviderAsync(
        this MachineContext context, Func<CancellationToken, Task> call, TimeSpan limit, string what, CancellationToken cancellationToken)
    {
        TimeProvider timeProvider = context.Host.TimeProvider;
        using CancellationTokenSource timeout = new(limit, timeProvider);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        using CancellationTokenSource givenUp = new(Timeout.InfiniteTimeSpan, timeProvider);
        using CancellationTokenRegistration grace = either.Token.Register(() => givenUp.CancelAfter(LifecycleLimits.Grace));
        try
        {
            await call(either.Token).WaitAsync(givenUp.Token);
        }
        catch (Exception e) when (e is TimeoutException || (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested))
        {
            throw new VirtualMachineException(
                VirtualMachineError.TimedOut,
                $"The provider of the machine '{context.Name}' did not {what} it in {limit.TotalSeconds:0} s.", e);
        }
        catch (Exception e) when (e is not (VirtualMachineException or OperationCanceledException or OutOfMemoryException))
        {
            throw StorageErrors.IsStorageError(e)
                ? StorageErrors.Translate(e, $"The provider of the machine '{context.Name}' could not {what} it")
                : new VirtualMachineException(
                    VirtualMachineError.ProviderFailed,
                    $"The provider of the machine '{context.Name}' could not {what} it: {e.Message}", e);
        }
    }
}

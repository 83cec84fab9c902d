namespace VpcComApi.VpcBus.Rings;

/// <summary>
/// Memory and a doorbell that a host and a guest share beside their link, because a device of the guest's machine has them. It outlives the
/// buses over the link and serves one at a time.
/// </summary>
public abstract class RingDevice : IDisposable
{
    /// <summary>How long a bus waits for the one before it to let go: its last readers may still empty their rings.</summary>
    private static readonly TimeSpan LetGoLimit = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim free = new(1);

    /// <summary>Only this library makes them.</summary>
    private protected RingDevice()
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Reserves the device for one bus. <see cref="TryTake"/> or <see cref="GiveUp"/> follows.</summary>
    /// <returns>False when it is in use, or not there; the bus goes without then.</returns>
    internal async ValueTask<bool> ReserveAsync(TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = new(LetGoLimit, timeProvider);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await free.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }

        if (IsPresent())
        {
            return true;
        }

        GiveUp();
        return false;
    }

    /// <summary>The bus for which the device was reserved does without it.</summary>
    internal void GiveUp() => free.Release();

    /// <summary>
    /// Takes memory and doorbell for the bus for which they are reserved. The device is free again when the arena's last user has let go.
    /// </summary>
    /// <param name="key">By which the two sides know the memory.</param>
    /// <returns>Null when they are not to be had; the reservation stays.</returns>
    internal abstract (RingArena Arena, RingDoorbell Doorbell)? TryTake(ReadOnlySpan<byte> key);

    /// <summary>Whether memory and doorbell seem to be there. While the device is reserved.</summary>
    private protected abstract bool IsPresent();

    /// <summary>Lets go of what the device holds.</summary>
    private protected abstract void Dispose(bool disposing);
}

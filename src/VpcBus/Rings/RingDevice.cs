namespace VpcComApi.VpcBus.Rings;

/// <summary>
/// Memory and a doorbell that a host and a guest share in addition to their link, because a device of the guest's machine provides them.
/// The device exists longer than the buses over the link and serves one of them at a time.
/// </summary>
public abstract class RingDevice : IDisposable
{
    /// <summary>
    /// How long a bus waits until the previous one has released the device: its last readers may still be reading their rings.
    /// </summary>
    private static readonly TimeSpan ReleaseLimit = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim free = new(1);

    /// <summary>Only this library derives classes.</summary>
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
    /// <returns>False when it is in use or not available; the bus then works without it.</returns>
    internal async ValueTask<bool> ReserveAsync(TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = new(ReleaseLimit, timeProvider);
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

    /// <summary>Ends the reservation: the bus works without the device.</summary>
    internal void GiveUp() => free.Release();

    /// <summary>
    /// Takes memory and doorbell for the bus for which they are reserved. The device is free again when the arena's last user has released
    /// it.
    /// </summary>
    /// <param name="key">The key by which the two sides recognise the memory.</param>
    /// <returns>Null when they are not available; the reservation stays.</returns>
    internal abstract (RingArena Arena, RingDoorbell Doorbell)? TryTake(ReadOnlySpan<byte> key);

    /// <summary>Whether memory and doorbell seem to be available. Called while the device is reserved.</summary>
    private protected abstract bool IsPresent();

    /// <summary>Releases memory and doorbell.</summary>
    private protected abstract void Dispose(bool disposing);
}

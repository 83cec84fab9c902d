using VpcComApi.VpcBus.Integration;

namespace VpcComApi.VirtualMachines.Guests;

/// <summary>The comparison of a guest's clock with the host's.</summary>
internal static class GuestClock
{
    /// <summary>How often the guest's clock is compared with the host's.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <summary>Keeps the guest's clock in step with the host's, or only compares the two. Never faults.</summary>
    /// <param name="guest">The guest service.</param>
    /// <param name="follows">Whether the guest's clock is set.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="stop">Ends it.</param>
    public static async Task KeepAsync(GuestConnection guest, bool follows, TimeProvider timeProvider, CancellationToken stop)
    {
        while (guest.Can(IntegrationCapabilities.Clock) && !stop.IsCancellationRequested)
        {
            try
            {
                await guest.SynchronizeClockAsync(follows, stop);
            }
            catch (Exception e) when (e is VirtualMachineException or OperationCanceledException)
            {
                // A guest that is paused, cannot, or goes. The next comparison shows it.
            }

            await Task.Delay(Interval, timeProvider, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}

namespace VpcComApi.VirtualMachines.Guests;

/// <summary>
/// Whether a guest has been asked to shut down or to restart. Between the request and the guest's end it still answers for a moment, and
/// what it answers then would depend on who is quicker; so the one who asks first has the guest's end, and whoever asks later is refused,
/// because it is under way.
/// </summary>
/// <param name="timeProvider">The clock.</param>
internal sealed class GuestEnd(TimeProvider timeProvider)
{
    private readonly Lock sync = new();
    private long? began;

    /// <summary>
    /// Whether a guest that was asked to end has neither refused nor come up again. One that has done nothing for as long as a shutdown may
    /// take is taken for one that has not been asked.
    /// </summary>
    public bool IsUnderWay
    {
        get
        {
            lock (sync)
            {
                return began is { } since && timeProvider.GetElapsedTime(since) < LifecycleLimits.GuestShutdown;
            }
        }
    }

    /// <summary>Takes the guest's end for one request.</summary>
    /// <returns>False when it is under way already.</returns>
    public bool TryBegin()
    {
        lock (sync)
        {
            if (IsUnderWay)
            {
                return false;
            }

            began = timeProvider.GetTimestamp();
            return true;
        }
    }

    /// <summary>The guest has refused, or another one is up.</summary>
    public void Clear()
    {
        lock (sync)
        {
            began = null;
        }
    }
}

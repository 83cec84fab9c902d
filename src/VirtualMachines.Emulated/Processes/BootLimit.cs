namespace VpcComApi.VirtualMachines.Emulated.Processes;

/// <summary>Limits how often the guest of one machine is booted again. Used by one thread at a time.</summary>
/// <param name="timeProvider">The clock.</param>
internal sealed class BootLimit(TimeProvider timeProvider)
{
    /// <summary>
    /// The shortest time between two boots, so that a guest that restarts endlessly does not use all processor time of the host.
    /// </summary>
    private static readonly TimeSpan MinBootInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>A guest that has run this long has booted successfully.</summary>
    private static readonly TimeSpan HealthyRun = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How often in a row a guest may be booted again after a processor fault. A real machine would boot endlessly and use a processor of
    /// its host.
    /// </summary>
    private const int MaxFaultyBoots = 3;

    private long bootedAt;
    private int faultyBoots;

    /// <summary>Records that the guest boots now.</summary>
    public void NoteBoot() => bootedAt = timeProvider.GetTimestamp();

    /// <summary>Records that the guest's processor has faulted.</summary>
    /// <returns>Whether the guest may be booted again: not when it has faulted at each of its last boots.</returns>
    public bool AdmitFault()
    {
        faultyBoots = timeProvider.GetElapsedTime(bootedAt) < HealthyRun ? faultyBoots + 1 : 1;
        return faultyBoots <= MaxFaultyBoots;
    }

    /// <summary>Waits until the next boot is due.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task WaitAsync(CancellationToken cancellationToken)
    {
        TimeSpan sinceBoot = timeProvider.GetElapsedTime(bootedAt);
        return sinceBoot < MinBootInterval ? Task.Delay(MinBootInterval - sinceBoot, timeProvider, cancellationToken) : Task.CompletedTask;
    }
}

namespace VpcComApi.GuestServices.Machines.Emulated;

/// <summary>An emulated guest's clock: the host's clock with an offset that changes when it is set. At power-on the offset is 0.</summary>
/// <param name="timeProvider">The host's clock.</param>
internal sealed class EmulatedClock(TimeProvider timeProvider) : IGuestClock
{
    private long offsetTicks;

    /// <inheritdoc/>
    public DateTimeOffset UtcNow => timeProvider.GetUtcNow() + new TimeSpan(Interlocked.Read(ref offsetTicks));

    /// <inheritdoc/>
    public void Set(DateTimeOffset time) => Interlocked.Exchange(ref offsetTicks, (time - timeProvider.GetUtcNow()).Ticks);
}

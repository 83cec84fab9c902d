namespace VpcComApi.VpcBus.Integration;

/// <summary>Host to guest: how often to send a heartbeat. Applies after the next heartbeat.</summary>
/// <param name="IntervalMilliseconds">Milliseconds between two heartbeats, 100 to 3,600,000; a guest that reads another value uses the
/// nearest of these limits.</param>
public sealed record HeartbeatSettings(int IntervalMilliseconds) : IntegrationMessage
{
    /// <summary>The shortest interval.</summary>
    public const int MinIntervalMilliseconds = 100;

    /// <summary>The longest interval.</summary>
    public const int MaxIntervalMilliseconds = 3_600_000;

    /// <summary>The interval until the host sets another one.</summary>
    public const int DefaultIntervalMilliseconds = 2_000;

    /// <summary>The time between two heartbeats, within the limits.</summary>
    public TimeSpan Interval() => TimeSpan.FromMilliseconds(
        Math.Clamp(IntervalMilliseconds, MinIntervalMilliseconds, MaxIntervalMilliseconds));
}

namespace VpcComApi.VpcBus.Integration;

/// <summary>Host to guest: how often the heart is to beat. Holds from the next beat on.</summary>
/// <param name="IntervalMilliseconds">Milliseconds between two beats, 100 to 3,600,000; a guest that reads another value takes the
/// nearest of these.</param>
public sealed record HeartbeatSettings(int IntervalMilliseconds) : IntegrationMessage
{
    /// <summary>The shortest interval.</summary>
    public const int MinIntervalMilliseconds = 100;

    /// <summary>The longest interval.</summary>
    public const int MaxIntervalMilliseconds = 3_600_000;

    /// <summary>The interval of a guest that has not been told.</summary>
    public const int DefaultIntervalMilliseconds = 2_000;

    /// <summary>The time between two beats, within the limits.</summary>
    public TimeSpan Interval() => TimeSpan.FromMilliseconds(
        Math.Clamp(IntervalMilliseconds, MinIntervalMilliseconds, MaxIntervalMilliseconds));
}

using VpcComApi.VirtualMachines.Configuration;
using VpcComApi.VpcBus.Integration;

namespace VpcComApi.VirtualMachines.Guests;

/// <summary>How often a guest is to give a sign of life, and what its silence means: the heartbeat keys of the .vmc file.</summary>
internal sealed record HeartbeatPlan
{
    /// <summary>Seconds of a block, unless it is set.</summary>
    internal const int DefaultBlockSeconds = 60;

    /// <summary>Ticks in a block, unless it is set.</summary>
    internal const int DefaultTicks = 10;

    /// <summary>Seconds between two attempts, unless it is set.</summary>
    internal const int DefaultFailureSeconds = 10;

    /// <summary>Attempts, unless it is set.</summary>
    internal const int DefaultAttempts = 12;

    /// <summary>The longest block, and the longest time between two attempts: a day.</summary>
    internal const int MaximumBlockSeconds = 86_400;

    /// <summary>The most ticks in a block.</summary>
    internal const int MaximumTicks = 10_000;

    /// <summary>The most attempts.</summary>
    internal const int MaximumAttempts = 1_000;

    /// <summary>A guest that is silent for so long has stopped. Key <c>time</c>, 60 s by default.</summary>
    internal required TimeSpan Block { get; init; }

    /// <summary>The time between two ticks: <see cref="Block"/> divided by the key <c>rate</c>, 10 by default.</summary>
    internal required TimeSpan Interval { get; init; }

    /// <summary>
    /// How long after its stop, and after each attempt, a guest is asked anew. Key <c>failure_interval</c>, 10 s by default.
    /// </summary>
    internal required TimeSpan FailureInterval { get; init; }

    /// <summary>How often a guest that has stopped is asked anew. Key <c>failure_attempts</c>, 12 by default.</summary>
    internal required int FailureAttempts { get; init; }

    /// <summary>
    /// Reads the plan. A value that is missing or of another type counts as the default, one out of range as the nearest in it.
    /// </summary>
    internal static HeartbeatPlan Read(IReadOnlyValues values)
    {
        int seconds = Read(values, ConfigurationKeys.HeartbeatTime, DefaultBlockSeconds, 1, MaximumBlockSeconds);
        int ticks = Read(values, ConfigurationKeys.HeartbeatRate, DefaultTicks, 1, MaximumTicks);
        double milliseconds = Math.Clamp(
            seconds * 1000.0 / ticks, HeartbeatSettings.MinIntervalMilliseconds, HeartbeatSettings.MaxIntervalMilliseconds);
        return new HeartbeatPlan
        {
            Block = TimeSpan.FromSeconds(seconds),
            Interval = TimeSpan.FromMilliseconds(Math.Floor(milliseconds)),
            FailureInterval = TimeSpan.FromSeconds(
                Read(values, ConfigurationKeys.HeartbeatFailureInterval, DefaultFailureSeconds, 1, MaximumBlockSeconds)),
            FailureAttempts = Read(values, ConfigurationKeys.HeartbeatFailureAttempts, DefaultAttempts, 0, MaximumAttempts),
        };
    }

    private static int Read(IReadOnlyValues values, string key, int fallback, int least, int most) =>
        values.TryGetValue(key, out object? value) && value is int number ? Math.Clamp(number, least, most) : fallback;
}

using VpcComApi.VirtualMachines.Configuration;
using VpcComApi.VpcBus.Integration;

namespace VpcComApi.VirtualMachines.Guests;

/// <summary>How often a guest is to give a sign of life, and what its silence means: the heartbeat keys of the .vmc file.</summary>
internal sealed record HeartbeatPlan
{
    private const string Folder = "integration/microsoft/heartbeat/";
    private const int MaximumBlockSeconds = 86_400;
    private const int MaximumTicks = 10_000;
    private const int MaximumAttempts = 1_000;

    /// <summary>A guest that is silent for so long has stopped. Key <c>time</c>, 60 s by default.</summary>
    internal required TimeSpan Block { get; init; }

    /// <summary>The time between two ticks: <see cref="Block"/> divided by the key <c>rate</c>, 10 by default.</summary>
    internal required TimeSpan Interval { get; init; }

    /// <summary>How long after its stop, and after each attempt, a guest is asked anew. Key <c>failure_interval</c>, 10 s by default.</summary>
    internal required TimeSpan FailureInterval { get; init; }

    /// <summary>How often a guest that has stopped is asked anew. Key <c>failure_attempts</c>, 12 by default.</summary>
    internal required int FailureAttempts { get; init; }

    /// <summary>Reads the plan. A value that is missing or of another type counts as the default, one out of range as the nearest in it.</summary>
    internal static HeartbeatPlan Read(IReadOnlyValues values)
    {
        int seconds = Read(values, "time", 60, 1, MaximumBlockSeconds);
        int ticks = Read(values, "rate", 10, 1, MaximumTicks);
        double milliseconds = Math.Clamp(
            seconds * 1000.0 / ticks, HeartbeatSettings.MinIntervalMilliseconds, HeartbeatSettings.MaxIntervalMilliseconds);
        return new HeartbeatPlan
        {
            Block = TimeSpan.FromSeconds(seconds),
            Interval = TimeSpan.FromMilliseconds(Math.Floor(milliseconds)),
            FailureInterval = TimeSpan.FromSeconds(Read(values, "failure_interval", 10, 1, MaximumBlockSeconds)),
            FailureAttempts = Read(values, "failure_attempts", 12, 0, MaximumAttempts),
        };
    }

    private static int Read(IReadOnlyValues values, string key, int fallback, int least, int most) =>
        values.TryGetValue(Folder + key, out object? value) && value is int number ? Math.Clamp(number, least, most) : fallback;
}

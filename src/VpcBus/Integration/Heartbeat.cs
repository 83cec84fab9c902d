namespace VpcComApi.VpcBus.Integration;

/// <summary>Guest to host: a sign of life, once in each <see cref="HeartbeatSettings.IntervalMilliseconds"/>.</summary>
/// <param name="Sequence">One more than the last, from 1.</param>
public sealed record Heartbeat(long Sequence) : IntegrationMessage;

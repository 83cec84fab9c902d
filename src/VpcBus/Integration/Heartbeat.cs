namespace VpcComApi.VpcBus.Integration;

/// <summary>Guest to host: the guest service is running. Sent once in each <see cref="HeartbeatSettings.IntervalMilliseconds"/>.</summary>
/// <param name="Sequence">One more than the last, from 1.</param>
public sealed record Heartbeat(long Sequence) : IntegrationMessage;

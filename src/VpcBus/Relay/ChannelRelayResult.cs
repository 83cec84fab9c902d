namespace VpcComApi.VpcBus.Relay;

/// <summary>How a relay went.</summary>
/// <param name="BytesToBus">Bytes read from the local stream and handed to the pair.</param>
/// <param name="BytesFromBus">Bytes taken from the pair and written to the local stream.</param>
/// <param name="FailedSide">Which side failed first.</param>
/// <param name="Exception">The first failure; null when there was none.</param>
public sealed record ChannelRelayResult(long BytesToBus, long BytesFromBus, RelaySide FailedSide, Exception? Exception)
{
    /// <summary>
    /// Whether the local stream got every byte that the other end sent. If not, an owner that can should break the stream off instead of
    /// ending it: who reads it must not take what it got for all there was.
    /// </summary>
    public bool IsLocalComplete { get; init; }

    /// <summary>What the channel pair went through, for a report of the failure; empty when nothing failed.</summary>
    public IReadOnlyList<ChannelEvent> ChannelEvents { get; init; } = [];
}

namespace VpcComApi.VpcBus.Relay;

/// <summary>The result of a relay.</summary>
/// <param name="BytesToBus">Bytes read from the local stream and written to the pair.</param>
/// <param name="BytesFromBus">Bytes read from the pair and written to the local stream.</param>
/// <param name="FailedSide">Which side failed first.</param>
/// <param name="Exception">The first failure; null when there was none.</param>
public sealed record ChannelRelayResult(long BytesToBus, long BytesFromBus, RelaySide FailedSide, Exception? Exception)
{
    /// <summary>
    /// Whether the local stream received every byte that the other end sent. If not, the owner should reset the stream, if it can, instead
    /// of ending it normally, so that its reader does not take incomplete data for complete.
    /// </summary>
    public bool IsLocalComplete { get; init; }

    /// <summary>The events of the channel pair, for a report of the failure; empty when nothing failed.</summary>
    public IReadOnlyList<ChannelEvent> ChannelEvents { get; init; } = [];
}

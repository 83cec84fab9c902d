namespace VpcComApi.VpcBus.Protocol;

/// <summary>The error for a frame that breaks the protocol: it names the frame, the channel or pair, and the field.</summary>
internal static class CorruptFrame
{
    /// <summary>Makes the error.</summary>
    public static BusException Error(FrameType type, uint id, string field, string what)
    {
        string subject = type switch
        {
            FrameType.Data or FrameType.Credit or FrameType.End or FrameType.ReadingStopped => $"channel {id}",
            FrameType.Goodbye or FrameType.Ping or FrameType.Pong => "the bus",
            _ => $"pair {id}",
        };
        return new BusException(BusError.Corrupt, $"The other side broke the protocol: {type} frame for {subject}, {field} {what}.");
    }
}

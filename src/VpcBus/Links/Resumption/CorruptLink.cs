namespace VpcComApi.VpcBus.Links.Resumption;

/// <summary>The error for an intact frame of a resumable link with an impossible value: it names the frame and the field.</summary>
internal static class CorruptLink
{
    /// <summary>Makes the error.</summary>
    public static BusException Error(LinkFrameType type, string field, string what) =>
        new(BusError.Corrupt, $"The other side broke the protocol of the link: {type} frame, {field} {what}.");
}

namespace VpcComApi.VpcBus.Rings;

/// <summary>The error for a ring in which the other side has violated the protocol: it names the channel and the field.</summary>
internal static class CorruptRing
{
    /// <summary>Makes the error.</summary>
    public static BusException Error(uint channel, string field, string what) =>
        new(BusError.Corrupt, $"The other side broke the protocol: ring of channel {channel}, {field} {what}.");
}

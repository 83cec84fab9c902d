namespace VpcComApi.VpcBus;

/// <summary>One bus channel at one moment.</summary>
/// <param name="ChannelId">The channel's number on its bus: even from host to guest, odd from guest to host.</param>
/// <param name="Service">The service that the pair was opened for.</param>
/// <param name="Direction">Which way the bytes go.</param>
/// <param name="Bytes">Payload bytes handed to the link, or taken from it.</param>
/// <param name="Stalls">How often the window ran out: the sender had bytes and no credit, or the unread bytes filled the window.</param>
/// <param name="Age">Time since the pair was opened.</param>
public sealed record BusChannelStatistics(
    int ChannelId, string Service, ChannelDirection Direction, long Bytes, long Stalls, TimeSpan Age)
{
    /// <summary>Bytes that the channel's sender may still send before its receiver reads on.</summary>
    public long FreeWindow { get; init; }

    /// <summary>Whether the channel stands still at this moment: its sender has bytes, or may have some, and no room for them.</summary>
    public bool IsStalled { get; init; }

    /// <summary>
    /// Bytes that the sender has given and the receiver has not taken, as far as this side can see: what the other side has taken and not
    /// told yet, up to a quarter of the window, does not count.
    /// </summary>
    public long WaitingBytes { get; init; }

    /// <summary>Whether the channel's sender has sent its last byte.</summary>
    public bool HasEnded { get; init; }
}

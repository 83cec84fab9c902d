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

    /// <summary>Whether the channel is blocked at this moment: its sender has bytes, or may have some, but no room for them.</summary>
    public bool IsStalled { get; init; }

    /// <summary>
    /// Bytes that were sent and that the receiver has not read, as far as this side knows. The other side reports in steps what it has
    /// read, so up to a quarter of the window may already have been read.
    /// </summary>
    public long WaitingBytes { get; init; }

    /// <summary>Whether the channel's sender has sent its last byte.</summary>
    public bool HasEnded { get; init; }
}

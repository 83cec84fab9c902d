namespace VpcComApi.VpcBus.Links.Resumption;

/// <summary>The numbers of the resumable link, as docs/vpcbus.md has them.</summary>
internal static class LinkProtocol
{
    /// <summary>The revision that this code speaks.</summary>
    public const int Revision = 2;

    /// <summary>The oldest revision that this code still speaks.</summary>
    public const int OldestRevision = 1;

    /// <summary>The first revision that knows <see cref="LinkChecksumKind.WordSum"/>.</summary>
    public const int WordSumRevision = 2;

    /// <summary>Bytes in front of every payload.</summary>
    public const int HeaderLength = 36;

    /// <summary>Payload bytes of the largest frame. Small, because a torn frame is only seen once as many bytes have come.</summary>
    public const int MaxPayload = 16 * 1024;

    /// <summary>Zero bytes in front of a Sync, enough to fill up any frame that the other side may have half.</summary>
    public const int PaddingLength = HeaderLength + MaxPayload;

    /// <summary>Payload bytes of the longest Sync; a later revision may add to it up to here.</summary>
    public const int MaxSyncPayload = 512;

    /// <summary>
    /// A receiver acknowledges at the latest when so many bytes are not acknowledged, to a sender that does not say how many it keeps.
    /// </summary>
    public const int AcknowledgeAfter = 32 * 1024;

    /// <summary>
    /// To a sender that says so, when they are this part of what it keeps: each acknowledgement costs a small guest as much as thousands of
    /// bytes.
    /// </summary>
    public const int AcknowledgePart = 4;

    /// <summary>The smallest replay buffer and the smallest window: twice what may stay unacknowledged.</summary>
    public const int MinBuffer = 2 * AcknowledgeAfter;

    /// <summary>The largest replay buffer and the largest window.</summary>
    public const int MaxBuffer = 64 * 1024 * 1024;

    /// <summary>Damage without one byte of progress in between, after which the other side counts as none.</summary>
    public const int MaxFruitlessDamage = 64;

    /// <summary>What every frame begins with. Not 0, so that zeros between frames are told from a frame.</summary>
    public static ReadOnlySpan<byte> Marker => "VPL\n"u8;
}

namespace VpcComApi.VpcBus.Links.Resumption;

/// <summary>The constants of the resumable link, as specified in docs/vpcbus.md.</summary>
internal static class LinkProtocol
{
    /// <summary>The revision that this code implements.</summary>
    public const int Revision = 2;

    /// <summary>The oldest revision that this code still supports.</summary>
    public const int OldestRevision = 1;

    /// <summary>The first revision with <see cref="LinkChecksumKind.WordSum"/>.</summary>
    public const int WordSumRevision = 2;

    /// <summary>Bytes before every payload.</summary>
    public const int HeaderLength = 36;

    /// <summary>
    /// Payload bytes of the largest frame. Small, because a truncated frame is detected only after that many more bytes have arrived.
    /// </summary>
    public const int MaxPayload = 16 * 1024;

    /// <summary>Zero bytes before a Sync, enough to complete any frame of which the other side may have received a part.</summary>
    public const int PaddingLength = HeaderLength + MaxPayload;

    /// <summary>Payload bytes of the longest Sync; a later revision may add to it up to here.</summary>
    public const int MaxSyncPayload = 512;

    /// <summary>
    /// A receiver acknowledges at the latest when this many bytes are not acknowledged, if the sender does not say how many it keeps.
    /// </summary>
    public const int AcknowledgeAfter = 32 * 1024;

    /// <summary>
    /// If the sender says how many bytes it keeps, a receiver acknowledges when this part of them is not acknowledged: for a small guest an
    /// acknowledgement costs as much time as thousands of bytes.
    /// </summary>
    public const int AcknowledgePart = 4;

    /// <summary>The smallest replay buffer and the smallest window: twice the number of bytes that may stay unacknowledged.</summary>
    public const int MinBuffer = 2 * AcknowledgeAfter;

    /// <summary>The largest replay buffer and the largest window.</summary>
    public const int MaxBuffer = 64 * 1024 * 1024;

    /// <summary>How often damage may occur without a byte of progress in between before the session fails.</summary>
    public const int MaxFruitlessDamage = 64;

    /// <summary>The first bytes of every frame. Not 0, so that zeros between frames cannot be taken for a frame.</summary>
    public static ReadOnlySpan<byte> Marker => "VPL\n"u8;
}

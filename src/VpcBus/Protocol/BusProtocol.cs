namespace VpcComApi.VpcBus.Protocol;

/// <summary>The constants of the protocol, as specified in docs/vpcbus.md.</summary>
internal static class BusProtocol
{
    /// <summary>The protocol revision that this code implements.</summary>
    public const int Revision = 1;

    /// <summary>The oldest protocol revision that this code still supports.</summary>
    public const int OldestRevision = 1;

    /// <summary>Bytes in the frame header.</summary>
    public const int HeaderLength = 12;

    /// <summary>Bytes in the payload of the largest control frame; every side must accept at least this many in one frame.</summary>
    public const int MaxControlPayload = BusOptions.MinMaxFramePayload;

    /// <summary>The largest pair number: channel numbers are twice as large and must fit into a signed 32-bit number.</summary>
    public const uint MaxPairNumber = int.MaxValue / 2;

    /// <summary>The number of the pair that a channel belongs to.</summary>
    public static uint PairOf(uint channel) => channel >> 1;

    /// <summary>
    /// The number of a pair's channel that <paramref name="sender"/> sends on: even from host to guest, odd from guest to host.
    /// </summary>
    public static uint ChannelOf(uint pair, BusSide sender) => (pair << 1) | (uint)sender;

    /// <summary>Which side sends on a channel.</summary>
    public static BusSide SenderOf(uint channel) => (BusSide)(channel & 1);

    /// <summary>Which side offered a pair: even numbers are the host's, odd ones the guest's.</summary>
    public static BusSide OffererOf(uint pair) => (BusSide)(pair & 1);
}

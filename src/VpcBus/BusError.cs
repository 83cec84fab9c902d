namespace VpcComApi.VpcBus;

/// <summary>What went wrong on a bus.</summary>
public enum BusError
{
    /// <summary>The link ended without a goodbye: the other process ended, or the device was removed.</summary>
    LinkLost = 1,

    /// <summary>The two sides support no common protocol revision, or are both hosts, or both guests.</summary>
    RevisionMismatch,

    /// <summary>The other side broke the protocol. The message names the field and the channel.</summary>
    Corrupt,

    /// <summary>A handshake, an offer or a goodbye was not answered in time.</summary>
    TimedOut,

    /// <summary>All channels of this bus are taken.</summary>
    TooManyChannels,

    /// <summary>The other side refused an offered channel pair.</summary>
    Rejected,

    /// <summary>One side reset the channel before all bytes were delivered.</summary>
    ChannelReset,

    /// <summary>This side closed the bus.</summary>
    Closed,
}

namespace VpcComApi.VirtualMachines.Channels;

/// <summary>How far an open communication channel is.</summary>
public enum CommunicationChannelState
{
    /// <summary>No client has opened the pipe yet.</summary>
    Awaited,

    /// <summary>Bytes can go both ways.</summary>
    Open,

    /// <summary>At this moment one direction stands still, because its reader does not read.</summary>
    Stalled,

    /// <summary>One direction has ended, the other goes on.</summary>
    HalfClosed,
}

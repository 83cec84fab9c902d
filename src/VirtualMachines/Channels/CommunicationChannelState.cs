namespace VpcComApi.VirtualMachines.Channels;

/// <summary>How far an open communication channel is.</summary>
public enum CommunicationChannelState
{
    /// <summary>No client has opened the pipe yet.</summary>
    Awaited,

    /// <summary>Bytes can go both ways.</summary>
    Open,

    /// <summary>In one direction bytes wait for a reader, and nothing has moved for a second.</summary>
    Stalled,

    /// <summary>One direction has ended, the other goes on.</summary>
    HalfClosed,
}

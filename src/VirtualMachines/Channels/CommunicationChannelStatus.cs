namespace VpcComApi.VirtualMachines.Channels;

/// <summary>What one open communication channel is and has done: a copy of one moment.</summary>
public sealed record CommunicationChannelStatus
{
    /// <summary>The bare name of the pipe.</summary>
    public required string PipeName { get; init; }

    /// <summary>The TCP port in the guest.</summary>
    public required int GuestPort { get; init; }

    /// <summary>How far the channel is.</summary>
    public required CommunicationChannelState State { get; init; }

    /// <summary>What went from host to guest.</summary>
    public required CommunicationChannelDirection ToGuest { get; init; }

    /// <summary>What went from guest to host.</summary>
    public required CommunicationChannelDirection ToHost { get; init; }

    /// <summary>Time since the channel was opened.</summary>
    public required TimeSpan Age { get; init; }

    /// <summary>The recent events in one line, oldest first; times in UTC.</summary>
    public required string Events { get; init; }

    /// <summary>Whether a client has opened the pipe.</summary>
    public bool ClientConnected => State != CommunicationChannelState.Awaited;
}

using VpcComApi.VirtualMachines.Channels;

namespace VpcComApi.CommandLine.Machines;

/// <summary>One open communication channel. What the host of the machines does not know is null.</summary>
/// <param name="Machine">The machine's name.</param>
/// <param name="Pipe">The pipe's name, <c>\\.\pipe\NAME</c>.</param>
/// <param name="Port">The TCP port in the guest.</param>
internal sealed record ChannelSummary(string Machine, string Pipe, int Port)
{
    /// <summary>How far the channel is.</summary>
    public CommunicationChannelState? State { get; init; }

    /// <summary>Whether a client has opened the pipe.</summary>
    public bool? ClientConnected { get; init; }

    /// <summary>Bytes carried from host to guest.</summary>
    public long? BytesToGuest { get; init; }

    /// <summary>Bytes carried from guest to host.</summary>
    public long? BytesToHost { get; init; }

    /// <summary>Bytes a second from host to guest since the last look; null at the first look.</summary>
    public double? RateToGuest { get; init; }

    /// <summary>Bytes a second from guest to host since the last look; null at the first look.</summary>
    public double? RateToHost { get; init; }

    /// <summary>How often the host had to wait because the guest program did not read.</summary>
    public long? StallsToGuest { get; init; }

    /// <summary>How often the guest had to wait because the client did not read.</summary>
    public long? StallsToHost { get; init; }

    /// <summary>Bytes that can still go to the guest before its program reads on.</summary>
    public long? FreeWindowToGuest { get; init; }

    /// <summary>Bytes that can still come from the guest before the client reads on.</summary>
    public long? FreeWindowToHost { get; init; }

    /// <summary>Seconds since it was opened.</summary>
    public double? AgeSeconds { get; init; }

    /// <summary>The recent events in one line.</summary>
    public string? Events { get; init; }
}

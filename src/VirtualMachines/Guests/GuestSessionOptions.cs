using Microsoft.Extensions.Logging;
using VpcComApi.VirtualMachines.Channels;
using VpcComApi.VirtualMachines.Configuration;

namespace VpcComApi.VirtualMachines.Guests;

/// <summary>What a <see cref="GuestSession"/> is made of.</summary>
internal sealed record GuestSessionOptions
{
    /// <summary>The machine's name, for texts.</summary>
    public required string MachineName { get; init; }

    /// <summary>The ready event of this machine: <see cref="Channels.ReadyEvent.Create"/>. The session owns it.</summary>
    public required IReadyEvent ReadyEvent { get; init; }

    /// <summary>The machine's values as they were at this start; the heartbeat's settings are read from them.</summary>
    public required IReadOnlyValues Configuration { get; init; }

    /// <summary>
    /// Called for what happens in or to the guest, with a detail that <see cref="MachineOccurrence"/> explains. Must be quick.
    /// </summary>
    public required Action<MachineOccurrence, int> Occurred { get; init; }

    /// <summary>Called with the version of the integration components when the guest service has come up. Must be quick.</summary>
    public required Action<string> ComponentsSeen { get; init; }

    /// <summary>Called when the integration components are being removed from the guest. Must be quick.</summary>
    public required Action ComponentsRemoved { get; init; }

    /// <summary>The most communication channels at once.</summary>
    public int MaximumChannels { get; init; } = CommunicationChannelSet.DefaultMaximum;

    /// <summary>Where messages go.</summary>
    public required ILoggerFactory LoggerFactory { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider TimeProvider { get; init; }
}

using VpcComApi.GuestServices.Links;
using VpcComApi.VpcBus.Links;

namespace VpcComApi.GuestServices.Service;

/// <summary>Where the guest service finds its bus, and what it bears.</summary>
internal sealed record GuestServiceOptions
{
    /// <summary>Where the bus is.</summary>
    public required BusAddress Bus { get; init; }

    /// <summary>The key that both ends prove to each other, or null when the link itself admits nobody else.</summary>
    public LinkKey? Key { get; init; }

    /// <summary>How long one try to connect, to prove the key and to greet the host may take.</summary>
    public TimeSpan ConnectLimit { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a TCP server may take to accept a connection.</summary>
    public TimeSpan TcpConnectLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often the facts are read again, to tell the host what has changed.</summary>
    public TimeSpan FactsInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}

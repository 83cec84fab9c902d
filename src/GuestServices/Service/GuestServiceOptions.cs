using VpcComApi.GuestServices.Links;
using VpcComApi.VpcBus.Links;

namespace VpcComApi.GuestServices.Service;

/// <summary>The address of the guest service's bus, and the limits of the service.</summary>
internal sealed record GuestServiceOptions
{
    /// <summary>The address of the bus.</summary>
    public required BusAddress Bus { get; init; }

    /// <summary>The key that both ends prove to each other, or null if the link itself is restricted to the host.</summary>
    public LinkKey? Key { get; init; }

    /// <summary>How long one attempt may take to connect, to prove the key and to complete the greeting.</summary>
    public TimeSpan ConnectLimit { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a TCP server may take to accept a connection.</summary>
    public TimeSpan TcpConnectLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often the facts are read again, to inform the host of changes.</summary>
    public TimeSpan FactsInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}

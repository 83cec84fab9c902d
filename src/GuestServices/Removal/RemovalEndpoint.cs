using VpcComApi.GuestServices.Local;

namespace VpcComApi.GuestServices.Removal;

/// <summary>
/// The endpoint at which a guest service is informed that it is being removed. The request and the answer have one byte each. An emulated
/// guest has none, because removing the package on the host does not remove the guest's integration components.
/// </summary>
internal static class RemovalEndpoint
{
    /// <summary>The request: inform the host that the service is being removed.</summary>
    public const byte Announce = (byte)'R';

    /// <summary>The answer: the host was informed.</summary>
    public const byte Announced = (byte)'T';

    /// <summary>The answer: no host is connected.</summary>
    public const byte NoHost = (byte)'N';

    /// <summary>The endpoint.</summary>
    public static LocalEndpoint Instance { get; } = new("removal", isWritable: true);
}

using VpcComApi.GuestServices.Local;

namespace VpcComApi.GuestServices.Removal;

/// <summary>
/// Where a guest service hears that it is being removed. One byte is asked and one is answered. An emulated guest has none: a package that
/// is removed on the host is not the guest's.
/// </summary>
internal static class RemovalEndpoint
{
    /// <summary>What is asked: tell your host that you are being removed.</summary>
    public const byte Tell = (byte)'R';

    /// <summary>The answer: the host has been told.</summary>
    public const byte Told = (byte)'T';

    /// <summary>The answer: there is no host to tell.</summary>
    public const byte NoHost = (byte)'N';

    /// <summary>The endpoint.</summary>
    public static LocalEndpoint Instance { get; } = new("removal", takesWords: true);
}

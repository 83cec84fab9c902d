using System.Globalization;

namespace VpcComApi.VpcBus.Relay;

/// <summary>The name of the service that relays a channel pair to a TCP port on the other side: <c>tcp:6174</c>.</summary>
public static class TcpRelayService
{
    private const string Prefix = "tcp:";

    /// <summary>The name for a port.</summary>
    /// <param name="port">1 to 65535.</param>
    public static string Name(int port)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(port, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, ushort.MaxValue);
        return Prefix + port.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Reads a port from a name. Only the form that <see cref="Name"/> gives counts: no sign, no space, no leading zero.</summary>
    /// <param name="service">A service name, possibly from the other side.</param>
    /// <param name="port">1 to 65535, or 0.</param>
    public static bool TryParse(string? service, out int port)
    {
        port = 0;
        if (service is null || !service.StartsWith(Prefix, StringComparison.Ordinal)
            || !int.TryParse(service.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int value)
            || value is < 1 or > ushort.MaxValue || Name(value) != service)
        {
            return false;
        }

        port = value;
        return true;
    }
}

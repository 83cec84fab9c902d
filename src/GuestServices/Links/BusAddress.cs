using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.Extensions.Logging;

namespace VpcComApi.GuestServices.Links;

/// <summary>
/// The address of the guest's end of the bus: <c>unix:PATH</c>, <c>pipe:NAME</c>, <c>device:PATH</c> or <c>tcp:HOST:PORT</c>. Only this
/// class parses such texts and creates the links.
/// </summary>
internal abstract record BusAddress
{
    /// <summary>The longest text that is accepted.</summary>
    public const int MaxLength = 1024;

    private const string UnixScheme = "unix:";
    private const string PipeScheme = "pipe:";
    private const string DeviceScheme = "device:";
    private const string TcpScheme = "tcp:";

    /// <summary>Lists the valid forms, for error texts.</summary>
    public static string Forms => "unix:PATH, pipe:NAME, device:PATH, device:NAME or tcp:HOST:PORT";

    /// <summary>Parses an address.</summary>
    /// <param name="text">The text.</param>
    /// <param name="address">The address.</param>
    /// <returns>False when the text has none of the <see cref="Forms"/>.</returns>
    public static bool TryParse(string? text, [NotNullWhen(true)] out BusAddress? address)
    {
        address = text is null || text.Length > MaxLength || text.Any(char.IsControl) ? null
            : Rest(text, UnixScheme) is { } socketPath && Path.IsPathFullyQualified(socketPath) ? new UnixSocketAddress(socketPath)
            : Rest(text, PipeScheme) is { } pipe && !pipe.Contains('\\') && !pipe.Contains('/') ? new NamedPipeAddress(pipe)
            : Rest(text, DeviceScheme) is { } device ? new DeviceAddress(device)
            : Rest(text, TcpScheme) is { } endPoint ? ParseTcp(endPoint)
            : null;
        return address is not null;
    }

    /// <summary>Opens a link with a single attempt.</summary>
    /// <param name="logger">Receives the reports of a link that can be interrupted.</param>
    /// <param name="cancellationToken">Cancels the attempt.</param>
    /// <returns>The link. The caller disposes it.</returns>
    /// <exception cref="IOException">There is nothing at that address at the moment, or this process may not open it.</exception>
    public abstract Task<Stream> ConnectAsync(ILogger logger, CancellationToken cancellationToken);

    private static string? Rest(string text, string scheme) =>
        text.Length > scheme.Length && text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) ? text[scheme.Length..] : null;

    private static TcpAddress? ParseTcp(string endPoint)
    {
        int colon = endPoint.LastIndexOf(':');
        return colon > 0
            && ushort.TryParse(endPoint.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port)
            && port > 0
            ? new TcpAddress(endPoint[..colon].Trim('[', ']'), port)
            : null;
    }
}

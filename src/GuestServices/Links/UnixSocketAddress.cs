using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using VpcComApi.VpcBus.Links;

namespace VpcComApi.GuestServices.Links;

/// <summary>A Unix domain socket.</summary>
/// <param name="SocketPath">Its full path.</param>
internal sealed record UnixSocketAddress(string SocketPath) : BusAddress
{
    /// <inheritdoc/>
    public override async Task<Stream> ConnectAsync(ILogger logger, CancellationToken cancellationToken)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(SocketPath), cancellationToken);
            return new UnixSocketLink(socket);
        }
        catch (Exception e)
        {
            socket.Dispose();
            throw e is SocketException or ArgumentException
                ? new IOException($"The socket {SocketPath} did not answer: {e.Message}", e)
                : e;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"unix:{SocketPath}";
}

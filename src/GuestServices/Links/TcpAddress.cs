using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace VpcComApi.GuestServices.Links;

/// <summary>A TCP port, for hosts that support no other link. Such a link needs a key.</summary>
/// <param name="Host">A name or an address.</param>
/// <param name="Port">1 to 65535.</param>
internal sealed record TcpAddress(string Host, int Port) : BusAddress
{
    /// <inheritdoc/>
    public override async Task<Stream> ConnectAsync(ILogger logger, CancellationToken cancellationToken)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(Host, Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (Exception e)
        {
            socket.Dispose();
            throw e is SocketException ? new IOException($"{Host} port {Port} did not answer: {e.Message}", e) : e;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"tcp:{Host}:{Port}";
}

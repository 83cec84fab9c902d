using System.Net;
using System.Net.Sockets;

namespace VpcComApi.ChannelBench.Chains;

/// <summary>No relay: the client connects to the server over TCP.</summary>
/// <param name="port">The server's port.</param>
internal sealed class DirectChain(int port) : Chain(Direct)
{
    /// <inheritdoc/>
    protected override Socket ConnectSocket(int index)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(new IPEndPoint(IPAddress.Loopback, port));
        return socket;
    }
}

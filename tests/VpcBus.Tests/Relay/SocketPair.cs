using System.Net;
using System.Net.Sockets;
using VpcComApi.VpcBus.Relay;

namespace VpcComApi.VpcBus.Tests.Relay;

/// <summary>A program's TCP connection and the relay's end of it.</summary>
internal sealed class SocketPair : IDisposable
{
    private SocketPair(Socket program, Socket relay)
    {
        Program = program;
        RelaySocket = relay;
        RelayStream = new NetworkStream(relay, ownsSocket: true);
    }

    /// <summary>The program's end.</summary>
    public Socket Program { get; }

    public Socket RelaySocket { get; }

    /// <summary>The relay's end.</summary>
    public NetworkStream RelayStream { get; }

    /// <summary>How a relay ends its side of the connection.</summary>
    public ChannelRelayOptions Options => new()
    {
        HalfCloseLocal = _ =>
        {
            RelaySocket.Shutdown(SocketShutdown.Send);
            return ValueTask.CompletedTask;
        },
    };

    public static async Task<SocketPair> ConnectAsync()
    {
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        Socket program = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        Task<Socket> accepting = listener.AcceptAsync();
        await program.ConnectAsync(listener.LocalEndPoint!);
        return new SocketPair(program, await accepting);
    }

    public void Dispose()
    {
        Program.Dispose();
        RelayStream.Dispose();
    }
}

using System.IO.Pipes;
using System.Net;
using System.Net.Sockets;
using VpcComApi.VpcBus.Links;

namespace VpcComApi.VpcBus.Tests.Links;

/// <summary>Links over what the operating system offers.</summary>
internal static class SocketLinks
{
    /// <summary>A Unix socket in a directory of its own.</summary>
    public static async Task<LinkPair> CreateUnixAsync()
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory("vpcbus");
        string path = Path.Combine(directory.FullName, "bus");
        using Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        Socket client = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        Task<Socket> accepting = listener.AcceptAsync();
        await client.ConnectAsync(new UnixDomainSocketEndPoint(path));
        return new LinkPair(new UnixSocketLink(await accepting), new UnixSocketLink(client), () => directory.Delete(recursive: true));
    }

    /// <summary>A TCP connection over the loopback address.</summary>
    public static async Task<LinkPair> CreateTcpAsync()
    {
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Task<Socket> accepting = listener.AcceptAsync();
        await client.ConnectAsync(listener.LocalEndPoint!);
        Socket server = await accepting;
        server.NoDelay = true;
        return new LinkPair(new NetworkStream(server, ownsSocket: true), new NetworkStream(client, ownsSocket: true));
    }

    /// <summary>A named pipe; a Unix socket underneath on Linux.</summary>
    public static async Task<LinkPair> CreateNamedPipeAsync()
    {
        string name = "vpcbus-" + Guid.NewGuid().ToString("N");
        NamedPipeServerStream server = new(
            name, PipeDirection.InOut, 1, PipeTransmissionMode.Byte, PipeOptions.Asynchronous | PipeOptions.CurrentUserOnly);
        NamedPipeClientStream client = new(".", name, PipeDirection.InOut, PipeOptions.Asynchronous | PipeOptions.CurrentUserOnly);
        Task accepting = server.WaitForConnectionAsync();
        await client.ConnectAsync(5000);
        await accepting;
        return new LinkPair(server, client);
    }
}

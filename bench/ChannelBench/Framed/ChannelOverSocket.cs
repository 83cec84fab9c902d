using System.IO.Pipelines;
using System.Net.Sockets;
using VpcComApi.VpcBus.Links;

namespace VpcComApi.ChannelBench.Framed;

/// <summary>One channel of a multiplexing library over a Unix socket, with both ends in this process.</summary>
/// <param name="name">Its name in the table.</param>
internal abstract class ChannelOverSocket(string name) : IAsyncDisposable
{
    /// <summary>Bytes that may be in transit in the channel, the same for all libraries.</summary>
    protected const int Window = 256 * 1024;

    /// <summary>Its name in the table.</summary>
    public string Name { get; } = name;

    /// <summary>The end that offered the channel.</summary>
    public abstract IDuplexPipe Near { get; }

    /// <summary>The end that accepted it.</summary>
    public abstract IDuplexPipe Far { get; }

    /// <summary>Ends the channel and closes the socket.</summary>
    public abstract ValueTask DisposeAsync();

    /// <summary>Two streams that are joined by a Unix socket.</summary>
    protected static async Task<(Stream Near, Stream Far)> JoinedStreamsAsync(CancellationToken cancellationToken)
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        using Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen(1);
        Socket near = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await near.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
        Socket far = await listener.AcceptAsync(cancellationToken);
        return (new UnixSocketLink(near), new UnixSocketLink(far));
    }
}

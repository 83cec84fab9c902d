using System.Net.Sockets;
using VpcComApi.VpcBus.Rings;

namespace VpcComApi.VpcBus.Links;

/// <summary>
/// A bus's link over a Unix socket, whose two ends are processes of one system. They can pass file descriptors to each other, so the bus
/// transfers its data through shared memory where the system supports it.
/// </summary>
public sealed class UnixSocketLink : NetworkStream, IRingLink
{
    /// <summary>Makes a link of a connected socket, which the link closes.</summary>
    /// <param name="socket">A connected, blocking stream socket of <see cref="AddressFamily.Unix"/>.</param>
    /// <exception cref="ArgumentException">The socket is of another address family.</exception>
    /// <exception cref="IOException">The socket is not connected, not blocking, or not a stream socket.</exception>
    public UnixSocketLink(Socket socket)
        : base(Checked(socket), ownsSocket: true)
    {
    }

    /// <inheritdoc/>
    ValueTask<RingHandover?> IRingLink.PrepareRingsAsync(TimeProvider timeProvider, CancellationToken cancellationToken) =>
        ValueTask.FromResult<RingHandover?>(new SocketHandover(Socket));

    private static Socket Checked(Socket socket)
    {
        ArgumentNullException.ThrowIfNull(socket);
        return socket.AddressFamily == AddressFamily.Unix
            ? socket : throw new ArgumentException(
                $"The socket is of the family {socket.AddressFamily}; it must be a Unix socket.", nameof(socket));
    }
}

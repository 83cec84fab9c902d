using System.Net.Sockets;

namespace VpcComApi.VpcBus.Rings;

/// <summary>
/// Declares for a Unix socket that two processes of one system are at its ends, which can pass descriptors on to each other. Its stream is
/// a class of the system's library, and cannot say it for itself.
/// </summary>
/// <param name="socket">The socket under the link.</param>
internal sealed class UnixSocketLink(Socket socket) : IRingLink
{
    /// <summary>The declaration for a link whose own class has none.</summary>
    /// <returns>Null when the link is no Unix socket.</returns>
    public static UnixSocketLink? TryDeclare(Stream link) =>
        link is NetworkStream { Socket: { AddressFamily: AddressFamily.Unix } socket } ? new UnixSocketLink(socket) : null;

    /// <inheritdoc/>
    public ValueTask<RingHandover?> PrepareRingsAsync(TimeProvider timeProvider, CancellationToken cancellationToken) =>
        ValueTask.FromResult<RingHandover?>(new SocketHandover(socket));
}

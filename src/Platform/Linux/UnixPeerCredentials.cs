using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace VpcComApi.Platform.Linux;

/// <summary>
/// The process at the other end of a Unix socket, as recorded by the kernel: the one that connected or, for the connecting process, the one
/// that listened.
/// </summary>
/// <param name="ProcessId">The process.</param>
/// <param name="UserId">Its effective user at that time.</param>
internal readonly record struct UnixPeerCredentials(int ProcessId, uint UserId)
{
    private const int SOL_SOCKET = 1;
    private const int SO_PEERCRED = 17;

    private const uint Root = 0;

    /// <summary>
    /// Whether a peer is accepted: this process's user, or root, because root has access to everything anyway. This is the policy of all
    /// sockets of this product: a peer that cannot be identified is refused like another user.
    /// </summary>
    /// <param name="peer">The peer; null when it could not be read.</param>
    public static bool IsOurUserOrRoot(UnixPeerCredentials? peer) =>
        peer is { } known && (known.UserId == Root || known.UserId == Libc.geteuid());

    /// <inheritdoc cref="IsOurUserOrRoot(UnixPeerCredentials?)"/>
    /// <param name="socket">A connected Unix socket.</param>
    public static bool IsOurUserOrRoot(Socket socket) => IsOurUserOrRoot(Of(socket));

    /// <summary>Reads the credentials from the kernel.</summary>
    /// <param name="socket">A connected Unix socket.</param>
    /// <returns>Null when they are not available: on other systems than Linux, or when the socket is not connected.</returns>
    public static UnixPeerCredentials? Of(Socket socket)
    {
        ArgumentNullException.ThrowIfNull(socket);
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        // struct ucred: process, user, group.
        Span<byte> credentials = stackalloc byte[3 * sizeof(int)];
        try
        {
            return socket.GetRawSocketOption(SOL_SOCKET, SO_PEERCRED, credentials) == credentials.Length
                ? new UnixPeerCredentials(MemoryMarshal.Read<int>(credentials), MemoryMarshal.Read<uint>(credentials[sizeof(int)..]))
                : null;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return null;
        }
    }
}

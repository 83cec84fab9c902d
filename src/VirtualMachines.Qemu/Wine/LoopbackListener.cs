using System.Net;
using System.Net.Sockets;

namespace VpcComApi.VirtualMachines.Qemu.Wine;

/// <summary>
/// A TCP port of 127.0.0.1 to which QEMU connects where there are no Unix sockets. Every user of the computer can connect to it, so only
/// connections whose other end belongs to this user, according to the kernel, are accepted; others are closed before anything is sent.
/// </summary>
internal sealed class LoopbackListener : IDisposable
{
    /// <summary>Connections that may wait: QEMU's, and those of other programs.</summary>
    private const int Backlog = 16;

    private readonly Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Func<Socket, bool> isOurs;

    /// <summary>Opens the port.</summary>
    /// <param name="isOurs">
    /// Returns whether an accepted connection belongs to a program of this user; throws a <see cref="SocketException"/> when it has ended.
    /// </param>
    /// <exception cref="IOException">There is no free port.</exception>
    public LoopbackListener(Func<Socket, bool> isOurs)
    {
        this.isOurs = isOurs;
        try
        {
            listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            listener.Listen(Backlog);
            Port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        }
        catch (SocketException e)
        {
            listener.Dispose();
            throw new IOException($"No port of 127.0.0.1 could be opened: {e.Message}", e);
        }
    }

    /// <summary>Opens the port for programs that belong to this user according to the kernel.</summary>
    /// <exception cref="IOException">There is no free port.</exception>
    public LoopbackListener()
        : this(LoopbackOwner.IsOurs)
    {
    }

    /// <summary>The port's number.</summary>
    public int Port { get; }

    /// <summary>Waits for a program of this user to connect.</summary>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="SocketException">The port has failed.</exception>
    /// <exception cref="IOException">The kernel's table cannot be read.</exception>
    public async Task<Socket> AcceptAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Socket? accepted = null;
            try
            {
                accepted = await listener.AcceptAsync(cancellationToken);
                if (isOurs(accepted))
                {
                    accepted.NoDelay = true;
                    Socket ours = accepted;
                    accepted = null;
                    return ours;
                }
            }
            catch (SocketException e) when (HasCallerGone(e))
            {
                // Every program can connect and reset its connection: that must not end the wait for the right one.
            }
            finally
            {
                accepted?.Dispose();
            }
        }
    }

    /// <summary>Whether an error is that of a client's connection, which has ended, and not of the port.</summary>
    private static bool HasCallerGone(SocketException e) =>
        e.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.NotConnected;

    /// <inheritdoc/>
    public void Dispose() => listener.Dispose();
}

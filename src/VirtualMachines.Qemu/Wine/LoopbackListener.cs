using System.Net;
using System.Net.Sockets;

namespace VpcComApi.VirtualMachines.Qemu.Wine;

/// <summary>
/// A TCP port of 127.0.0.1 to which QEMU connects where there are no Unix sockets. Everybody on the computer can connect to it, so only a
/// connection whose other end the kernel says to be this user's is taken; others are closed before anything is said.
/// </summary>
internal sealed class LoopbackListener : IDisposable
{
    /// <summary>Connections that may wait: QEMU's, and those of strangers.</summary>
    private const int Backlog = 16;

    private readonly Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Func<Socket, bool> isOurs;

    /// <summary>Opens the port.</summary>
    /// <param name="isOurs">
    /// Whether an accepted connection is a program's of this user; throws a <see cref="SocketException"/> when it has ended.
    /// </param>
    /// <exception cref="IOException">There is none left.</exception>
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

    /// <summary>Opens the port for programs of which the kernel says that they are this user's.</summary>
    /// <exception cref="IOException">There is none left.</exception>
    public LoopbackListener()
        : this(LoopbackOwner.IsOurs)
    {
    }

    /// <summary>The port's number.</summary>
    public int Port { get; }

    /// <summary>Waits for a program of this user.</summary>
    /// <param name="cancellationToken">Gives up.</param>
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
                // Anybody can connect and reset the connection again: that ends the caller's turn and not the wait for the right one.
            }
            finally
            {
                accepted?.Dispose();
            }
        }
    }

    /// <summary>Whether an error is one of a caller's connection, which has ended, and not of the port.</summary>
    private static bool HasCallerGone(SocketException e) =>
        e.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.NotConnected;

    /// <inheritdoc/>
    public void Dispose() => listener.Dispose();
}

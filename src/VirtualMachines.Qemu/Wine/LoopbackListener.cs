using System.Net;
using System.Net.Sockets;

namespace VpcComApi.VirtualMachines.Qemu.Wine;

/// <summary>
/// A TCP port of 127.0.0.1 to which QEMU connects where there are no Unix sockets. Everybody on the computer can connect to it, so only a connection whose other end the
/// kernel says to be this user's is taken; others are closed before anything is said.
/// </summary>
internal sealed class LoopbackListener : IDisposable
{
    /// <summary>Connections that may wait: QEMU's, and those of strangers.</summary>
    private const int Backlog = 16;

    private readonly Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    /// <summary>Opens the port.</summary>
    /// <exception cref="IOException">There is none left.</exception>
    public LoopbackListener()
    {
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
            Socket accepted = await listener.AcceptAsync(cancellationToken);
            bool isTaken = false;
            try
            {
                isTaken = LoopbackOwner.IsOurs(accepted);
                if (isTaken)
                {
                    accepted.NoDelay = true;
                    return accepted;
                }
            }
            finally
            {
                if (!isTaken)
                {
                    accepted.Dispose();
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => listener.Dispose();
}

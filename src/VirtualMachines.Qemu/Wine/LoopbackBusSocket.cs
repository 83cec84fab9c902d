using System.Globalization;
using System.Net;
using System.Net.Sockets;
using VpcComApi.VirtualMachines.Qemu.Links;

namespace VpcComApi.VirtualMachines.Qemu.Wine;

/// <summary>
/// A TCP port of 127.0.0.1 to which QEMU connects, because Wine has no Unix sockets. Everybody on the computer can connect to it, so only a connection
/// whose other end the kernel says to be this user's is used.
/// </summary>
internal sealed class LoopbackBusSocket : IBusSocket
{
    /// <summary>Connections that may wait: QEMU's, and those of strangers.</summary>
    private const int Backlog = 16;

    private readonly Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    /// <summary>Opens the port.</summary>
    /// <exception cref="IOException">There is none left.</exception>
    public LoopbackBusSocket()
    {
        try
        {
            listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            listener.Listen(Backlog);
        }
        catch (SocketException e)
        {
            listener.Dispose();
            throw new IOException($"No port of 127.0.0.1 could be opened: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    /// <remarks>QEMU connects anew, within the second, whenever its connection has ended.</remarks>
    public string Backend => string.Create(
        CultureInfo.InvariantCulture, $"host=127.0.0.1,port={((IPEndPoint)listener.LocalEndPoint!).Port},server=off,reconnect=1,nodelay=on");

    /// <inheritdoc/>
    public async Task<Stream> ConnectAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                Socket accepted = await listener.AcceptAsync(cancellationToken);
                if (LoopbackOwner.IsOurs(accepted))
                {
                    accepted.NoDelay = true;
                    return new NetworkStream(accepted, ownsSocket: true);
                }

                accepted.Dispose();
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            throw new IOException($"QEMU did not connect for the bus device: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => listener.Dispose();
}

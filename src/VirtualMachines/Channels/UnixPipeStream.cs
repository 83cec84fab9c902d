using System.Net.Sockets;
using System.Runtime.Versioning;

namespace VpcComApi.VirtualMachines.Channels;

/// <summary>The accepted client of a <see cref="UnixPipeListener"/>, with the manners of a Windows pipe.</summary>
/// <param name="client">The client's socket; this stream owns it.</param>
[UnsupportedOSPlatform("windows")]
internal sealed class UnixPipeStream(Socket client) : NetworkStream(client, ownsSocket: true)
{
    /// <summary>Whether the client has closed its end, and not only shut down its sending side.</summary>
    internal bool IsClientGone => UnixPeer.HasHungUp(Socket);

    /// <summary>Signals the client that no more bytes will come.</summary>
    internal void CompleteWriting()
    {
        try
        {
            Socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The client is gone, so it needs no telling.
        }
    }

    /// <summary>
    /// A client that closes its end before it has read everything resets the connection; Linux reports that after the last byte that the
    /// client wrote. On a pipe this is an end like any other.
    /// </summary>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return await base.ReadAsync(buffer, cancellationToken);
        }
        catch (IOException e) when (e.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionReset })
        {
            return 0;
        }
    }
}

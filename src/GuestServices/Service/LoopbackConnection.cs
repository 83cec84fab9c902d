using System.Net;
using System.Net.Sockets;

namespace VpcComApi.GuestServices.Service;

/// <summary>Connects to TCP servers of this machine, on 127.0.0.1.</summary>
/// <remarks>
/// <see cref="Socket.ConnectAsync(EndPoint)"/> would leave the socket registered with the runtime's own event threads until it is closed.
/// They would wake at every packet of a connection whose bytes the bus's event loop moves, and use as much processor time as moving them.
/// </remarks>
internal static class LoopbackConnection
{
    /// <summary>
    /// A server on this machine accepts a connection at once, unless its queue is full; then the connection is attempted again at this
    /// interval.
    /// </summary>
    private static readonly TimeSpan FirstLook = TimeSpan.FromMilliseconds(1);

    private static readonly TimeSpan LongestLook = TimeSpan.FromMilliseconds(50);

    /// <summary>Connects a socket.</summary>
    /// <param name="socket">A TCP socket that is not connected. After a failure it is to be disposed.</param>
    /// <param name="port">1 to 65535.</param>
    /// <param name="timeProvider">The clock of the waits.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="SocketException">There is no connection.</exception>
    public static async Task ConnectAsync(Socket socket, int port, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        socket.Blocking = false;
        try
        {
            socket.Connect(new IPEndPoint(IPAddress.Loopback, port));
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
        {
            TimeSpan look = FirstLook;
            while (!socket.Poll(0, SelectMode.SelectWrite) && !socket.Poll(0, SelectMode.SelectError))
            {
                await Task.Delay(look, timeProvider, cancellationToken);
                look = look * 2 < LongestLook ? look * 2 : LongestLook;
            }

            if ((int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)! is int error and not 0)
            {
                throw new SocketException(error);
            }
        }

        socket.Blocking = true;
    }
}

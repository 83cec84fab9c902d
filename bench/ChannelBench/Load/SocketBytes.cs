using System.Net.Sockets;

namespace VpcComApi.ChannelBench.Load;

/// <summary>Transfers complete spans through a blocking socket.</summary>
internal static class SocketBytes
{
    /// <summary>Sends all of a span.</summary>
    public static void Send(Socket socket, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[socket.Send(bytes)..];
        }
    }

    /// <summary>Fills a span.</summary>
    /// <returns>False when the other end closed the connection before the first byte.</returns>
    /// <exception cref="EndOfStreamException">It closed the connection after the first byte.</exception>
    public static bool TryReceive(Socket socket, Span<byte> bytes)
    {
        int received = 0;
        while (received < bytes.Length)
        {
            int length = socket.Receive(bytes[received..]);
            if (length == 0)
            {
                return received == 0 ? false : throw new EndOfStreamException("The connection ended within a message.");
            }

            received += length;
        }

        return true;
    }

    /// <summary>Fills a span.</summary>
    /// <exception cref="EndOfStreamException">The other end closed the connection.</exception>
    public static void Receive(Socket socket, Span<byte> bytes)
    {
        if (!TryReceive(socket, bytes))
        {
            throw new EndOfStreamException("The connection ended before a message.");
        }
    }
}

using System.Net.Sockets;

namespace VpcComApi.ChannelBench.Load;

/// <summary>One direction of a bulk transfer through a blocking socket.</summary>
internal static class BulkTransfer
{
    /// <summary>The size of one read.</summary>
    private const int ReadSize = 64 * 1024;

    /// <summary>Writes the pattern.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="total">Bytes in all.</param>
    /// <param name="writeSize">Bytes in one write; divides the pattern's period.</param>
    public static void Send(Socket socket, long total, int writeSize)
    {
        for (long sent = 0; sent < total;)
        {
            int length = (int)Math.Min(writeSize, total - sent);
            SocketBytes.Send(socket, Pattern.Bytes.Slice((int)(sent & (Pattern.Period - 1)), length));
            sent += length;
        }
    }

    /// <summary>Reads that many bytes of the pattern, or less when the connection ends.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="total">Bytes in all.</param>
    /// <param name="buffer">At least of <see cref="ReadSize"/>.</param>
    /// <returns>Bytes read, and whether each read began with the right bytes of the pattern.</returns>
    public static (long Length, bool Fits) Receive(Socket socket, long total, byte[] buffer)
    {
        long received = 0;
        bool fits = true;
        while (received < total)
        {
            int length = socket.Receive(buffer.AsSpan(0, (int)Math.Min(ReadSize, total - received)));
            if (length == 0)
            {
                break;
            }

            fits &= Pattern.Fits(buffer.AsSpan(0, length), received);
            received += length;
        }

        return (received, fits);
    }

    /// <summary>A buffer for reading.</summary>
    public static byte[] NewBuffer() => GC.AllocateUninitializedArray<byte>(ReadSize);
}

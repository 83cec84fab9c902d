using System.Buffers.Binary;
using System.Diagnostics;
using System.Net.Sockets;

namespace VpcComApi.ChannelBench.Load;

/// <summary>The load's client on the host: one connection to the server through a chain.</summary>
/// <param name="socket">The connection; this object owns it.</param>
internal sealed class LoadClient(Socket socket) : IDisposable
{
    /// <summary>The first byte of the last message that is sent back.</summary>
    public const byte LastMessage = 0xFF;

    private readonly byte[] buffer = BulkTransfer.NewBuffer();

    /// <summary>Sends bytes to the server.</summary>
    /// <param name="total">Bytes in all.</param>
    /// <param name="writeSize">Bytes in one write.</param>
    /// <returns>The time until the server has confirmed that it has read them all.</returns>
    /// <exception cref="InvalidDataException">Bytes are missing or wrong.</exception>
    public TimeSpan Push(long total, int writeSize)
    {
        long began = Stopwatch.GetTimestamp();
        new LoadRequest(LoadKind.Sink, writeSize, total).Send(socket);
        BulkTransfer.Send(socket, total, writeSize);
        Span<byte> answer = stackalloc byte[sizeof(long)];
        SocketBytes.Receive(socket, answer);
        TimeSpan took = Stopwatch.GetElapsedTime(began);
        long arrived = BinaryPrimitives.ReadInt64LittleEndian(answer);
        return arrived == total ? took : throw new InvalidDataException($"Of {total} bytes that were pushed the server read {arrived}.");
    }

    /// <summary>Reads bytes from the server.</summary>
    /// <param name="total">Bytes in all.</param>
    /// <param name="writeSize">Bytes in one write of the server.</param>
    /// <returns>The time from the request to the last byte.</returns>
    /// <exception cref="InvalidDataException">Bytes are missing or wrong.</exception>
    public TimeSpan Pull(long total, int writeSize)
    {
        long began = Stopwatch.GetTimestamp();
        new LoadRequest(LoadKind.Source, writeSize, total).Send(socket);
        (long arrived, bool fits) = BulkTransfer.Receive(socket, total, buffer);
        TimeSpan took = Stopwatch.GetElapsedTime(began);
        return arrived == total && fits
            ? took
            : throw new InvalidDataException($"Of {total} bytes that were pulled {arrived} arrived, fitting: {fits}.");
    }

    /// <summary>Sends messages that the server sends back, one at a time.</summary>
    /// <param name="messageSize">Bytes in a message.</param>
    /// <param name="most">The most messages.</param>
    /// <param name="limit">The time limit.</param>
    /// <returns>The time of each.</returns>
    public IReadOnlyList<TimeSpan> RoundTrips(int messageSize, int most, TimeSpan limit)
    {
        List<TimeSpan> times = new(most);
        Span<byte> message = buffer.AsSpan(0, messageSize);
        message.Clear();
        new LoadRequest(LoadKind.Echo, messageSize, 0).Send(socket);
        long began = Stopwatch.GetTimestamp();
        bool isLast = false;
        while (!isLast)
        {
            long sent = Stopwatch.GetTimestamp();
            isLast = times.Count + 1 >= most || Stopwatch.GetElapsedTime(began, sent) >= limit;
            message[0] = isLast ? LastMessage : (byte)0;
            SocketBytes.Send(socket, message);
            SocketBytes.Receive(socket, message);
            times.Add(Stopwatch.GetElapsedTime(sent));
        }

        return times;
    }

    /// <summary>Closes the connection.</summary>
    public void Dispose() => socket.Dispose();
}

using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace VpcComApi.ChannelBench.Load;

/// <summary>
/// The TCP server "in the guest": a blocking thread for each connection, which uses the least processor time. Runs as a process of its own
/// until its standard input ends.
/// </summary>
internal static class LoadServer
{
    /// <summary>Connections that may wait to be accepted: more than any suite opens at once.</summary>
    private const int Backlog = 1024;

    /// <summary>The threads need only a small stack.</summary>
    private const int StackSize = 256 * 1024;

    /// <summary>Listens on a free port of 127.0.0.1, writes its number as one line, and serves.</summary>
    public static void Run()
    {
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(Backlog);
        Console.WriteLine(((IPEndPoint)listener.LocalEndPoint!).Port.ToString(CultureInfo.InvariantCulture));
        StartThread(() => AcceptAll(listener));
        while (Console.In.ReadLine() is not null)
        {
        }
    }

    private static void AcceptAll(Socket listener)
    {
        while (true)
        {
            Socket connection;
            try
            {
                connection = listener.Accept();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // The program is ending.
                return;
            }

            connection.NoDelay = true;
            StartThread(() => Serve(connection));
        }
    }

    private static void Serve(Socket connection)
    {
        using (connection)
        {
            byte[] buffer = BulkTransfer.NewBuffer();
            try
            {
                while (LoadRequest.Receive(connection) is { } request)
                {
                    Serve(connection, request, buffer);
                }
            }
            catch (Exception e) when (e is SocketException or EndOfStreamException)
            {
                // The client detects the end of its connection.
            }
        }
    }

    private static void Serve(Socket connection, LoadRequest request, byte[] buffer)
    {
        switch (request.Kind)
        {
            case LoadKind.Sink:
                (long length, bool fits) = BulkTransfer.Receive(connection, request.Total, buffer);
                Span<byte> answer = stackalloc byte[sizeof(long)];
                BinaryPrimitives.WriteInt64LittleEndian(answer, fits ? length : -1);
                SocketBytes.Send(connection, answer);
                break;
            case LoadKind.Source:
                BulkTransfer.Send(connection, request.Total, request.WriteSize);
                break;
            case LoadKind.Echo:
                Span<byte> message = buffer.AsSpan(0, request.WriteSize);
                do
                {
                    SocketBytes.Receive(connection, message);
                    SocketBytes.Send(connection, message);
                }
                while (message[0] != LoadClient.LastMessage);
                break;
            default:
                throw new EndOfStreamException($"{(int)request.Kind} is not a kind of load.");
        }
    }

    private static void StartThread(Action action) => new Thread(() => action(), StackSize) { IsBackground = true }.Start();
}

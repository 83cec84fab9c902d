using System.Net;
using System.Net.Sockets;

namespace VpcComApi.ChannelEnds;

/// <summary>The guest's end: a TCP server on the guest's loopback address, to which only programs in this guest can connect.</summary>
public static class GuestServer
{
    /// <summary>
    /// Serves one host after the other, until Ctrl-C. A host that disconnects, or violates the protocol, does not end the server.
    /// </summary>
    /// <param name="port">The port on which it listens.</param>
    /// <param name="serve">Serves one host until it closes its channel.</param>
    /// <returns>The program's exit code.</returns>
    public static async Task<int> RunAsync(int port, Func<LineConnection, CancellationToken, Task> serve)
    {
        using StopRequest stop = new();
        using TcpListener listener = new(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            Console.WriteLine($"Listening on {listener.LocalEndpoint}");
            while (true)
            {
                using TcpClient host = await listener.AcceptTcpClientAsync(stop.Token);
                Console.WriteLine("A host has connected");
                await ServeAsync(host, serve, stop.Token);
                Console.WriteLine("The host has disconnected");
            }
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            return 0;
        }
        catch (SocketException error)
        {
            Console.Error.WriteLine($"Port {port} cannot be opened: {error.Message}");
            return 1;
        }
    }

    private static async Task ServeAsync(TcpClient host, Func<LineConnection, CancellationToken, Task> serve, CancellationToken stop)
    {
        host.NoDelay = true;
        try
        {
            await using LineConnection lines = new(host.GetStream());
            await serve(lines, stop);
        }
        catch (Exception error) when (error is IOException or InvalidDataException)
        {
            Console.Error.WriteLine($"The channel failed: {error.Message}");
        }
    }
}

using System.IO.Pipes;
using System.Net.Sockets;
using VpcComApi.VpcBus.Links;

namespace VpcComApi.GuestServices.Devices;

/// <summary>
/// Where the guest service of one process tells <c>vmsrvc devices</c> its devices. It holds nothing on disk, so nothing is left of a service that is
/// killed: a named pipe on Windows, a socket in Linux's abstract name space elsewhere.
/// </summary>
internal static class DeviceEndpoint
{
    /// <summary>The longest list that is read.</summary>
    public const int MaxLength = 4 * 1024 * 1024;

    private static string PipeName(int processId) => $"vmsrvc-devices-{processId}";

    private static UnixDomainSocketEndPoint SocketName(int processId) => new("\0" + PipeName(processId));

    /// <summary>Takes this process's endpoint and waits for readers, one after the other.</summary>
    /// <param name="serve">Serves one reader. The stream is closed after it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="IOException">The endpoint is taken.</exception>
    public static Task ListenAsync(Func<Stream, Task> serve, CancellationToken cancellationToken) => OperatingSystem.IsWindows()
        ? ListenOnPipeAsync(serve, cancellationToken)
        : ListenOnSocketAsync(serve, cancellationToken);

    /// <summary>Reads what a process's endpoint says.</summary>
    /// <param name="processId">The process.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="IOException">The process has no endpoint, or broke off.</exception>
    public static async Task<byte[]> ReadAsync(int processId, CancellationToken cancellationToken)
    {
        await using Stream stream = await ConnectAsync(processId, cancellationToken);
        using MemoryStream content = new();
        byte[] buffer = new byte[16 * 1024];
        for (int count = await stream.ReadAsync(buffer, cancellationToken);
            count > 0 && content.Length < MaxLength;
            count = await stream.ReadAsync(buffer, cancellationToken))
        {
            content.Write(buffer, 0, count);
        }

        return content.ToArray();
    }

    private static async Task ListenOnPipeAsync(Func<Stream, Task> serve, CancellationToken cancellationToken)
    {
        // One instance for all readers: the name is never free while we run. The default rights let everybody here read, and only read.
        await using NamedPipeServerStream pipe = new(
            PipeName(Environment.ProcessId), PipeDirection.Out, maxNumberOfServerInstances: 1, PipeTransmissionMode.Byte, PipeOptions.Asynchronous);
        while (true)
        {
            await pipe.WaitForConnectionAsync(cancellationToken);
            await serve(pipe);
            if (OperatingSystem.IsWindows() && pipe.IsConnected)
            {
                await Task.Run(pipe.WaitForPipeDrain, cancellationToken).WaitAsync(TimeSpan.FromSeconds(1), cancellationToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            pipe.Disconnect();
        }
    }

    private static async Task ListenOnSocketAsync(Func<Stream, Task> serve, CancellationToken cancellationToken)
    {
        using Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            listener.Bind(SocketName(Environment.ProcessId));
            listener.Listen();
        }
        catch (SocketException e)
        {
            throw new IOException(e.Message, e);
        }

        while (true)
        {
            Socket reader = await listener.AcceptAsync(cancellationToken);
            await using NetworkStream stream = new(reader, ownsSocket: true);

            // A name in the abstract space has no file mode: everybody here could connect.
            if (UnixPeerCredentials.Of(reader) is null or { IsOurUserOrRoot: true })
            {
                await serve(stream);
            }
        }
    }

    private static async Task<Stream> ConnectAsync(int processId, CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsWindows())
        {
            NamedPipeClientStream pipe = new(".", PipeName(processId), PipeDirection.In, PipeOptions.Asynchronous);
            try
            {
                await pipe.ConnectAsync(TimeSpan.FromSeconds(1), cancellationToken);
                return pipe;
            }
            catch (Exception e)
            {
                await pipe.DisposeAsync();
                throw e is TimeoutException or UnauthorizedAccessException ? new IOException(e.Message, e) : e;
            }
        }

        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(SocketName(processId), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (Exception e)
        {
            socket.Dispose();
            throw e is SocketException ? new IOException(e.Message, e) : e;
        }
    }
}

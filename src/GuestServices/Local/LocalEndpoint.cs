using System.IO.Pipes;
using System.Net.Sockets;
using VpcComApi.Platform.Linux;

namespace VpcComApi.GuestServices.Local;

/// <summary>
/// The endpoint at which other commands of vmsrvc on the same computer connect to the guest service of one process. It is a named pipe on
/// Windows and a socket in Linux's abstract name space elsewhere, so a service that is killed leaves no file behind.
/// </summary>
/// <param name="purpose">Its purpose; part of its name.</param>
/// <param name="isWritable">
/// Whether it can be written to as well as read. On Windows all users of this computer can read such a pipe, but only administrators and
/// the service's own user can write to it; on Linux only root and the service's own user can connect.
/// </param>
internal sealed class LocalEndpoint(string purpose, bool isWritable)
{
    private static readonly TimeSpan PipeLimit = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Creates this process's endpoint and serves its clients, one after the other, until it is cancelled. A service that has no endpoint
    /// works otherwise.
    /// </summary>
    /// <param name="serve">Serves one client. The stream is then flushed and closed.</param>
    /// <param name="clientLimit">How long one client may take.</param>
    /// <param name="unavailable">Called with the reason when the endpoint cannot be created.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task ServeAsync(
        Func<Stream, CancellationToken, Task> serve, TimeSpan clientLimit, Action<string> unavailable, CancellationToken cancellationToken)
    {
        try
        {
            await (OperatingSystem.IsWindows()
                ? ListenOnPipeAsync(ServeOneAsync, cancellationToken)
                : ListenOnSocketAsync(ServeOneAsync, cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // This service is being stopped.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            unavailable(e.Message);
        }

        async Task ServeOneAsync(Stream stream)
        {
            using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(clientLimit);
            try
            {
                await serve(stream, limit.Token);
                await stream.FlushAsync(limit.Token);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException)
            {
                // The client has disconnected, sends nothing, or is too slow.
            }
        }
    }

    /// <summary>Exchanges messages with a process at its endpoint.</summary>
    /// <param name="processId">The process.</param>
    /// <param name="talk">Sends and receives the messages.</param>
    /// <param name="limit">How long it may take.</param>
    /// <param name="cancellationToken">Cancels the exchange.</param>
    /// <returns>
    /// The result; the default when the process has no such endpoint, refuses the connection, disconnects, or takes too long.
    /// </returns>
    public async Task<T?> AskAsync<T>(
        int processId, Func<Stream, CancellationToken, Task<T>> talk, TimeSpan limit, CancellationToken cancellationToken)
    {
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        either.CancelAfter(limit);
        try
        {
            await using Stream stream = await ConnectAsync(processId, either.Token);
            return await talk(stream, either.Token);
        }
        catch (Exception e) when (e is IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return default;
        }
    }

    private async Task<Stream> ConnectAsync(int processId, CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsWindows())
        {
            NamedPipeClientStream pipe = new(
                ".", PipeName(processId), isWritable ? PipeDirection.InOut : PipeDirection.In, PipeOptions.Asynchronous);
            try
            {
                await pipe.ConnectAsync(PipeLimit, cancellationToken);
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

    private string PipeName(int processId) => $"vmsrvc-{purpose}-{processId}";

    private UnixDomainSocketEndPoint SocketName(int processId) => new("\0" + PipeName(processId));

    private async Task ListenOnPipeAsync(Func<Stream, Task> serve, CancellationToken cancellationToken)
    {
        // One instance for all clients: another process cannot take the name while this one runs.
        await using NamedPipeServerStream pipe = new(
            PipeName(Environment.ProcessId),
            isWritable ? PipeDirection.InOut : PipeDirection.Out,
            maxNumberOfServerInstances: 1,
            PipeTransmissionMode.Byte,
            PipeOptions.Asynchronous);
        while (true)
        {
            await pipe.WaitForConnectionAsync(cancellationToken);
            await serve(pipe);
            if (OperatingSystem.IsWindows() && pipe.IsConnected)
            {
                await Task.Run(pipe.WaitForPipeDrain, cancellationToken).WaitAsync(PipeLimit, cancellationToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            pipe.Disconnect();
        }
    }

    private async Task ListenOnSocketAsync(Func<Stream, Task> serve, CancellationToken cancellationToken)
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
            Socket client = await listener.AcceptAsync(cancellationToken);
            await using NetworkStream stream = new(client, ownsSocket: true);

            // A name in the abstract space has no file mode: every user of this computer could connect.
            if (UnixPeerCredentials.IsOurUserOrRoot(client))
            {
                await serve(stream);
            }
        }
    }
}

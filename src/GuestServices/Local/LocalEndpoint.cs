using System.IO.Pipes;
using System.Net.Sockets;
using VpcComApi.Platform.Linux;

namespace VpcComApi.GuestServices.Local;

/// <summary>
/// Where the guest service of one process meets the other commands of vmsrvc on the same computer. It holds nothing on disk, so nothing is
/// left of a service that is killed: a named pipe on Windows, a socket in Linux's abstract name space elsewhere.
/// </summary>
/// <param name="purpose">What it is for; part of its name.</param>
/// <param name="takesWords">
/// Whether it can be written to as well as read. Windows lets everybody here read such a pipe, and only administrators and the service's
/// own user write; on Linux it is root's and the service's own user's in any case.
/// </param>
internal sealed class LocalEndpoint(string purpose, bool takesWords)
{
    private static readonly TimeSpan PipeLimit = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Takes this process's endpoint and serves those who come, one after the other, until it is told to stop. A service without it works
    /// all the same.
    /// </summary>
    /// <param name="serve">Serves one of them. The stream is flushed and closed after it.</param>
    /// <param name="visitorLimit">How long one of them may take.</param>
    /// <param name="unavailable">Told why when the endpoint cannot be had.</param>
    /// <param name="cancellationToken">Tells it to stop.</param>
    public async Task ServeAsync(
        Func<Stream, CancellationToken, Task> serve, TimeSpan visitorLimit, Action<string> unavailable, CancellationToken cancellationToken)
    {
        try
        {
            await (OperatingSystem.IsWindows()
                ? ListenOnPipeAsync(ServeOneAsync, cancellationToken)
                : ListenOnSocketAsync(ServeOneAsync, cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // We stop.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            unavailable(e.Message);
        }

        async Task ServeOneAsync(Stream stream)
        {
            using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(visitorLimit);
            try
            {
                await serve(stream, limit.Token);
                await stream.FlushAsync(limit.Token);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException)
            {
                // Whoever came went away, says nothing, or is too slow to wait for.
            }
        }
    }

    /// <summary>Talks to a process at its endpoint.</summary>
    /// <param name="processId">The process.</param>
    /// <param name="talk">What is said and heard.</param>
    /// <param name="limit">How long it may take.</param>
    /// <param name="cancellationToken">Ends the talk.</param>
    /// <returns>
    /// What was heard; the default when the process has no such endpoint, does not let us in, breaks off, or takes too long.
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
                ".", PipeName(processId), takesWords ? PipeDirection.InOut : PipeDirection.In, PipeOptions.Asynchronous);
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
        // One instance for all: the name is never free while we run.
        await using NamedPipeServerStream pipe = new(
            PipeName(Environment.ProcessId),
            takesWords ? PipeDirection.InOut : PipeDirection.Out,
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
            Socket visitor = await listener.AcceptAsync(cancellationToken);
            await using NetworkStream stream = new(visitor, ownsSocket: true);

            // A name in the abstract space has no file mode: everybody here could connect.
            if (UnixPeerCredentials.IsOurUserOrRoot(visitor))
            {
                await serve(stream);
            }
        }
    }
}

using System.IO.Pipes;
using System.Net.Sockets;
using VpcComApi.VpcBus.Links;

namespace VpcComApi.GuestServices.Local;

/// <summary>
/// Where the guest service of one process meets the other commands of vmsrvc on the same computer. It holds nothing on disk, so nothing is left of a
/// service that is killed: a named pipe on Windows, a socket in Linux's abstract name space elsewhere.
/// </summary>
/// <param name="purpose">What it is for; part of its name.</param>
/// <param name="takesWords">
/// Whether it can be written to as well as read. Windows lets everybody here read such a pipe, and only administrators and the service's own user write; on
/// Linux it is root's and the service's own user's in any case.
/// </param>
internal sealed class LocalEndpoint(string purpose, bool takesWords)
{
    private static readonly TimeSpan PipeLimit = TimeSpan.FromSeconds(1);

    /// <summary>Takes this process's endpoint and serves those who come, one after the other.</summary>
    /// <param name="serve">Serves one of them. The stream is closed after it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="IOException">The endpoint is taken.</exception>
    public Task ListenAsync(Func<Stream, Task> serve, CancellationToken cancellationToken) => OperatingSystem.IsWindows()
        ? ListenOnPipeAsync(serve, cancellationToken)
        : ListenOnSocketAsync(serve, cancellationToken);

    /// <summary>Opens a process's endpoint.</summary>
    /// <param name="processId">The process.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="IOException">The process has no such endpoint, or does not let us in.</exception>
    public async Task<Stream> ConnectAsync(int processId, CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsWindows())
        {
            NamedPipeClientStream pipe = new(".", PipeName(processId), takesWords ? PipeDirection.InOut : PipeDirection.In, PipeOptions.Asynchronous);
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
            if (UnixPeerCredentials.Of(visitor) is null or { IsOurUserOrRoot: true })
            {
                await serve(stream);
            }
        }
    }
}

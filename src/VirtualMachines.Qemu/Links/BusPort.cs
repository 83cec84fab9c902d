using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using VpcComApi.VpcBus;
using VpcComApi.VpcBus.Links;

namespace VpcComApi.VirtualMachines.Qemu.Links;

/// <summary>
/// The host's end of the machine's bus device, a virtio-serial port behind a Unix socket. The port loses bytes and hands over old ones whenever somebody
/// comes or goes, so the resumable link of the bus runs on it. A guest takes a port whose host is away for one that has ended; so a connection is
/// there from the machine's start, and the next one as soon as the last was used up.
/// </summary>
/// <param name="socketPath">The socket that QEMU opened.</param>
/// <param name="logger">Where messages go.</param>
internal sealed class BusPort(string socketPath, ILogger logger) : IAsyncDisposable
{
    private readonly Lock gate = new();
    private TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private NetworkStream? connection;
    private ResumableStream? link;
    private bool isUsed;
    private bool disposed;

    /// <summary>Connects to QEMU.</summary>
    /// <exception cref="IOException">QEMU does not answer.</exception>
    public void Open()
    {
        lock (gate)
        {
            Reconnect();
        }
    }

    /// <summary>The guest has opened or closed the port. Does not wait.</summary>
    /// <param name="isOpen">Whether it is open now.</param>
    public void Changed(bool isOpen)
    {
        lock (gate)
        {
            if (isOpen)
            {
                opened.TrySetResult();
            }
            else if (opened.Task.IsCompletedSuccessfully)
            {
                opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    /// <summary>The guest starts anew: what it knew of its link is gone, and so is the link.</summary>
    public void GuestReset()
    {
        Changed(isOpen: false);
        ResumableStream? lost;
        lock (gate)
        {
            lost = link;
            link = null;
        }

        if (lost is not null)
        {
            // It tries to tell the other side, which nobody needs to wait for.
            _ = lost.DisposeAsync().AsTask();
        }
    }

    /// <summary>Waits until the guest service is at the other end of the port and returns a link to it. The link before it must have been disposed.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The link. The caller disposes it.</returns>
    /// <exception cref="IOException">The machine has ended, or the guest speaks another protocol.</exception>
    public async Task<Stream> ConnectAsync(CancellationToken cancellationToken)
    {
        try
        {
            ResumableStream made = await ResumableStream.ConnectAsync(
                DialAsync, new ResumableStreamOptions { Side = BusSide.Host, Logger = logger }, cancellationToken);
            lock (gate)
            {
                link = made;
            }

            return made;
        }
        catch (BusException e)
        {
            throw new IOException($"The guest's end of the bus device does not fit: {e.Message}", e);
        }
    }

    /// <summary>Cuts the link and ends all waits.</summary>
    public ValueTask DisposeAsync()
    {
        GuestReset();
        lock (gate)
        {
            disposed = true;
            connection?.Dispose();
            connection = null;
            opened.TrySetException(new IOException("The machine has ended."));
            _ = opened.Task.Exception;
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>A fresh connection to a guest that has the port open.</summary>
    private async Task<Stream> DialAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task isOpen;
            lock (gate)
            {
                if (isUsed)
                {
                    Reconnect();
                }

                isOpen = opened.Task;
            }

            await isOpen.WaitAsync(cancellationToken);
            lock (gate)
            {
                if (isOpen == opened.Task && connection is not null)
                {
                    isUsed = true;
                    return connection;
                }
            }
        }
    }

    /// <summary>Under the gate. A local connection is made at once; QEMU takes it up when it gets to it.</summary>
    private void Reconnect()
    {
        connection?.Dispose();
        connection = null;
        isUsed = false;
        if (disposed)
        {
            throw new IOException("The machine has ended.");
        }

        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(socketPath));
            connection = new NetworkStream(socket, ownsSocket: true);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new IOException($"QEMU's socket {socketPath} of the bus device did not answer: {e.Message}", e);
        }
    }
}

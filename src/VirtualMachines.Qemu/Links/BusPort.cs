using System.Text.Json;
using Microsoft.Extensions.Logging;
using VpcComApi.VirtualMachines.Qemu.Qmp;
using VpcComApi.VpcBus;
using VpcComApi.VpcBus.Links;
using VpcComApi.VpcBus.Rings;

namespace VpcComApi.VirtualMachines.Qemu.Links;

/// <summary>
/// The host's end of the machine's bus device, a virtio-serial port behind a socket. The port loses bytes and delivers old ones when one
/// side connects or disconnects, so the resumable link of the bus runs on it. For a guest the port has ended while the host is not
/// connected. So this process connects at the machine's start, and again as soon as a connection has ended.
/// </summary>
/// <param name="socket">The connection to QEMU; it is disposed with this object.</param>
/// <param name="timeProvider">The clock.</param>
/// <param name="logger">Receives log messages.</param>
internal sealed class BusPort(IBusSocket socket, TimeProvider timeProvider, ILogger logger) : IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly CancellationTokenSource ending = new();
    private TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task<Stream>? connection;
    private RingDevice? rings;
    private ResumableStream? link;
    private bool isUsed;

    /// <summary>
    /// Makes buses over this device transfer their data through memory that the machine shares with this process. Called before the first
    /// link.
    /// </summary>
    /// <param name="device">The memory and its doorbell, which exist as long as the machine runs.</param>
    public void Attach(RingDevice device) => rings = device;

    /// <summary>Connects to QEMU.</summary>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="IOException">QEMU does not answer.</exception>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        Task<Stream> connected;
        lock (gate)
        {
            connected = ReconnectAsync();
        }

        await connected.WaitAsync(cancellationToken);
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

    /// <summary>
    /// Asks QEMU whether the guest has the port open. For a guest that is restored from a saved state no event reports that.
    /// </summary>
    /// <param name="control">The control channel.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="QmpException">QEMU refused or did not answer.</exception>
    public async Task RefreshAsync(QmpClient control, CancellationToken cancellationToken)
    {
        JsonElement devices = await control.ExecuteAsync("query-chardev", cancellationToken);
        Changed(devices.ValueKind == JsonValueKind.Array && devices.EnumerateArray().Any(device =>
            device.TryGetProperty("label", out JsonElement label) && label.ValueEquals("bus")
            && device.TryGetProperty("frontend-open", out JsonElement isOpen) && isOpen.ValueKind == JsonValueKind.True));
    }

    /// <summary>The guest restarts without the state of its link, so the link is ended.</summary>
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
            // Disposing it tries to notify the other side, for which nothing must wait.
            _ = lost.DisposeAsync().AsTask();
        }
    }

    /// <summary>
    /// Waits until the guest service has opened the other end of the port and returns a link to it. The previous link must have been
    /// disposed.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The link. The caller disposes it.</returns>
    /// <exception cref="IOException">The machine has ended, or the guest uses another protocol.</exception>
    public async Task<Stream> ConnectAsync(CancellationToken cancellationToken)
    {
        try
        {
            ResumableStreamOptions options = new() { Side = BusSide.Host, TimeProvider = timeProvider, Logger = logger, Rings = rings };
            ResumableStream made = await ResumableStream.ConnectAsync(DialAsync, options, cancellationToken);
            lock (gate)
            {
                link = made;
            }

            return made;
        }
        catch (BusException e)
        {
            throw new IOException($"The guest's end of the bus device is not compatible: {e.Message}", e);
        }
    }

    /// <summary>Ends the link and all waits.</summary>
    public async ValueTask DisposeAsync()
    {
        GuestReset();
        await ending.CancelAsync();
        lock (gate)
        {
            CloseConnection();
            opened.TrySetException(new IOException("The machine has ended."));
            _ = opened.Task.Exception;
        }

        socket.Dispose();
    }

    /// <summary>Returns a new connection to a guest that has the port open.</summary>
    private async Task<Stream> DialAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task isOpen;
            Task<Stream> connected;
            lock (gate)
            {
                connected = isUsed || connection is null ? ReconnectAsync() : connection;
                isOpen = opened.Task;
            }

            await isOpen.WaitAsync(cancellationToken);
            Stream fresh = await connected.WaitAsync(cancellationToken);
            lock (gate)
            {
                if (isOpen == opened.Task && connected == connection)
                {
                    isUsed = true;
                    return fresh;
                }
            }
        }
    }

    /// <summary>Begins to connect again. Under the gate.</summary>
    private Task<Stream> ReconnectAsync()
    {
        CloseConnection();
        isUsed = false;
        return connection = ending.IsCancellationRequested
            ? Task.FromException<Stream>(new IOException("The machine has ended."))
            : socket.ConnectAsync(ending.Token);
    }

    /// <summary>Under the gate.</summary>
    private void CloseConnection()
    {
        // A connection that is not established yet is closed as soon as it is; one that has failed needs no closing.
        _ = connection?.ContinueWith(
            static made => made.Result.Dispose(),
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        _ = connection?.ContinueWith(
            static failed => _ = failed.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        connection = null;
    }
}

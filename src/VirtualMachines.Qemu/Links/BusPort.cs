using System.Text.Json;
using Microsoft.Extensions.Logging;
using VpcComApi.VirtualMachines.Qemu.Qmp;
using VpcComApi.VpcBus;
using VpcComApi.VpcBus.Links;
using VpcComApi.VpcBus.Rings;

namespace VpcComApi.VirtualMachines.Qemu.Links;

/// <summary>
/// The host's end of the machine's bus device, a virtio-serial port behind a socket. The port loses bytes and hands over old ones whenever
/// somebody comes or goes, so the resumable link of the bus runs on it. A guest takes a port whose host is away for one that has ended; so
/// a connection is there from the machine's start, and the next one as soon as the last was used up.
/// </summary>
/// <param name="socket">The way to QEMU; it goes with this object.</param>
/// <param name="timeProvider">The clock.</param>
/// <param name="logger">Where messages go.</param>
internal sealed class BusPort(IBusSocket socket, TimeProvider timeProvider, ILogger logger) : IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly CancellationTokenSource ending = new();
    private TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task<Stream>? connection;
    private RingDevice? rings;
    private ResumableStream? link;
    private bool isUsed;

    /// <summary>Buses over this device move their data through memory that the machine shares with us. Before the first link.</summary>
    /// <param name="device">The memory and its doorbell, as long as the machine lives.</param>
    public void Attach(RingDevice device) => rings = device;

    /// <summary>Connects to QEMU.</summary>
    /// <param name="cancellationToken">Gives up.</param>
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

    /// <summary>Asks QEMU whether the guest has the port open. No event reports that of a guest that goes on where it was saved.</summary>
    /// <param name="control">The control channel.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="QmpException">QEMU refused or did not answer.</exception>
    public async Task RefreshAsync(QmpClient control, CancellationToken cancellationToken)
    {
        JsonElement devices = await control.ExecuteAsync("query-chardev", cancellationToken);
        Changed(devices.ValueKind == JsonValueKind.Array && devices.EnumerateArray().Any(device =>
            device.TryGetProperty("label", out JsonElement label) && label.ValueEquals("bus")
            && device.TryGetProperty("frontend-open", out JsonElement isOpen) && isOpen.ValueKind == JsonValueKind.True));
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
            // It tries to notify the other side, for which nobody needs to wait for.
            _ = lost.DisposeAsync().AsTask();
        }
    }

    /// <summary>
    /// Waits until the guest service is at the other end of the port and returns a link to it. The link before it must have been disposed.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The link. The caller disposes it.</returns>
    /// <exception cref="IOException">The machine has ended, or the guest speaks another protocol.</exception>
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
            throw new IOException($"The guest's end of the bus device does not fit: {e.Message}", e);
        }
    }

    /// <summary>Cuts the link and ends all waits.</summary>
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

    /// <summary>A fresh connection to a guest that has the port open.</summary>
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

    /// <summary>Begins to connect anew. Under the gate.</summary>
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
        // One that is not made yet is closed as soon as it is; one that failed needs no closing.
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

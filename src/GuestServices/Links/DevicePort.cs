using System.Collections.Concurrent;

namespace VpcComApi.GuestServices.Links;

/// <summary>
/// A device that transfers bytes and stays open until the process ends. A virtio-serial port can be opened only once at a time, and a
/// pending read cannot be cancelled: a port that is closed during a read stays open until the next byte arrives, and could not be opened
/// again until then. So successive connections use one open device, and each takes over a read or write that the previous one has left
/// pending.
/// </summary>
/// <param name="open">Opens the device.</param>
/// <param name="timeProvider">The clock of the waits for the host.</param>
internal sealed class DevicePort(Func<Stream> open, TimeProvider timeProvider)
{
    /// <summary>The size of one read.</summary>
    private const int ReadSize = 64 * 1024;

    /// <summary>
    /// A read that has waited this long means that the host is connected: while it is not, a read of the port returns its end at once.
    /// </summary>
    private static readonly TimeSpan WaitsForBytes = TimeSpan.FromMilliseconds(50);

    /// <summary>How often to check whether the host is connected again.</summary>
    private static readonly TimeSpan HostPollInterval = TimeSpan.FromMilliseconds(200);

    private static readonly ConcurrentDictionary<string, DevicePort> Ports = new(StringComparer.Ordinal);

    private readonly byte[] arrived = new byte[ReadSize];
    private byte[] leaving = [];
    private Stream? device;
    private Task<int>? reading;
    private Task writing = Task.CompletedTask;
    private int arrivedStart;
    private int arrivedEnd;

    /// <summary>The port of a device.</summary>
    /// <param name="path">Its path.</param>
    public static DevicePort Of(string path) =>
        Ports.GetOrAdd(path, static path => new DevicePort(() => OpenDevice(path), TimeProvider.System));

    /// <summary>Waits until the host is connected and returns a connection to it. The previous one must be closed.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="IOException">There is no such device, or this process may not open it.</exception>
    public async Task<Stream> ConnectAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        device ??= open();
        while (arrivedStart == arrivedEnd)
        {
            Task<int> read = BeginReadAsync();
            await Task.WhenAny(read, Task.Delay(WaitsForBytes, timeProvider, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
            if (!read.IsCompleted || await EndReadAsync() > 0)
            {
                break;
            }

            await Task.Delay(HostPollInterval, timeProvider, cancellationToken);
        }

        return new DeviceConnection(this);
    }

    /// <summary>Reads available bytes.</summary>
    /// <returns>0 when the host has disconnected.</returns>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (arrivedStart == arrivedEnd)
        {
            // Directly into the caller's buffer, unless an earlier connection has left a read pending.
            if (TryReadAtOnce(buffer.Span) is >= 0 and int taken)
            {
                return taken;
            }

            Task<int> read = BeginReadAsync();
            if (!read.IsCompleted)
            {
                await read.WaitAsync(cancellationToken);
            }

            await EndReadAsync();
        }

        int length = Math.Min(buffer.Length, arrivedEnd - arrivedStart);
        arrived.AsSpan(arrivedStart, length).CopyTo(buffer.Span);
        arrivedStart += length;
        return length;
    }

    /// <summary>Writes bytes, after those whose write an earlier connection may have left pending.</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        await writing.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        Stream port = device ?? throw new IOException("The device was closed.");
        if (port is IImmediateDevice immediate)
        {
            buffer = buffer[immediate.TryWrite(buffer.Span)..];
            if (buffer.IsEmpty)
            {
                return;
            }
        }

        // A copy, because the write may continue after its caller has been cancelled.
        if (leaving.Length < buffer.Length)
        {
            leaving = new byte[buffer.Length];
        }

        buffer.CopyTo(leaving);
        writing = port.WriteAsync(leaving.AsMemory(0, buffer.Length), CancellationToken.None).AsTask();
        await writing.WaitAsync(cancellationToken);
    }

    private static Stream OpenDevice(string path)
    {
        if (OperatingSystem.IsLinux())
        {
            return new PolledDevice(path);
        }

        try
        {
            return new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.Open,
                Access = FileAccess.ReadWrite,
                Share = FileShare.ReadWrite,
                Options = FileOptions.Asynchronous,
                BufferSize = 0,
            });
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"The device {path} may not be opened: {e.Message}", e);
        }
    }

    /// <summary>Reads available bytes without waiting, if the device supports that.</summary>
    /// <returns>-1 when a wait is needed.</returns>
    private int TryReadAtOnce(Span<byte> buffer)
    {
        try
        {
            return reading is null && device is IImmediateDevice immediate ? immediate.TryRead(buffer) : -1;
        }
        catch (IOException)
        {
            LoseDevice();
            throw;
        }
    }

    private Task<int> BeginReadAsync() =>
        reading ??= (device ?? throw new IOException("The device is gone.")).ReadAsync(arrived, CancellationToken.None).AsTask();

    private async Task<int> EndReadAsync()
    {
        Task<int> read = reading!;
        reading = null;
        try
        {
            arrivedStart = 0;
            arrivedEnd = await read;
            return arrivedEnd;
        }
        catch (IOException)
        {
            LoseDevice();
            throw;
        }
    }

    /// <summary>The device may have been unplugged: the next connection opens it again.</summary>
    private void LoseDevice()
    {
        arrivedStart = arrivedEnd = 0;
        device?.Dispose();
        device = null;
    }
}

using System.Collections.Concurrent;

namespace VpcComApi.GuestServices.Links;

/// <summary>
/// A device that carries bytes, held open for as long as the process lives. A virtio-serial port admits one opener, and a read of it that
/// waits cannot be called off: closing it would leave it open until the next byte, and opening it again would fail meanwhile. So
/// connections come and go over one open device, and a read or write that one of them left behind is taken over by the next.
/// </summary>
/// <param name="open">Opens the device.</param>
/// <param name="timeProvider">The clock of the waits for the host.</param>
internal sealed class DevicePort(Func<Stream> open, TimeProvider timeProvider)
{
    /// <summary>Bytes that one read takes.</summary>
    private const int ReadSize = 64 * 1024;

    /// <summary>A read that waits so long has found the host there: while it is away, the port reads as ended at once.</summary>
    private static readonly TimeSpan WaitsForBytes = TimeSpan.FromMilliseconds(50);

    /// <summary>How often to look whether the host has come back.</summary>
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

    /// <summary>Waits until the host is there and gives a connection to it. The one before must be closed.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="IOException">There is no such device, or it may not be opened.</exception>
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

    /// <summary>Reads what has come.</summary>
    /// <returns>0 when the host has gone away.</returns>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (arrivedStart == arrivedEnd)
        {
            // Straight into the caller's buffer, unless an earlier connection has left a read behind.
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

    /// <summary>Writes bytes behind those that an earlier connection may have left half-written.</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        await writing.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        Stream port = device ?? throw new IOException("The device is gone.");
        if (port is IImmediateDevice immediate)
        {
            buffer = buffer[immediate.TryWrite(buffer.Span)..];
            if (buffer.IsEmpty)
            {
                return;
            }
        }

        // A copy: the write may outlive its caller.
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

    /// <summary>Reads what is there, if the device can tell.</summary>
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

    /// <summary>It was unplugged, perhaps: the next connection opens it anew.</summary>
    private void LoseDevice()
    {
        arrivedStart = arrivedEnd = 0;
        device?.Dispose();
        device = null;
    }
}

using System.Buffers;
using System.IO.Pipelines;
using VpcComApi.VirtualMachines.Providers;
using VpcComApi.VirtualMachines.Qemu.Links;

namespace VpcComApi.VirtualMachines.Qemu.Devices;

/// <summary>
/// A serial port of a QEMU machine, behind a socket. Until it is read for the first time, bytes above a limit are dropped, because
/// otherwise the console of a booting guest would block; from then on the guest waits, as QEMU does when its socket is full.
/// </summary>
/// <param name="socket">The connection to QEMU; it is disposed with this object.</param>
/// <param name="machineName">The machine, for texts.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class QemuSerialPort(IBusSocket socket, string machineName, TimeProvider timeProvider) : ISerialDevice, IAsyncDisposable
{
    /// <summary>The size of one read.</summary>
    private const int BlockSize = 4096;

    /// <summary>The most bytes of the guest that wait.</summary>
    private const int Capacity = 64 * 1024;

    /// <summary>How long QEMU's last bytes may take to arrive after its end.</summary>
    private static readonly TimeSpan LastBytesLimit = TimeSpan.FromSeconds(1);

    /// <summary>Pauses its writer only when it contains more than is stored for a line that nobody reads.</summary>
    private readonly Pipe received = new(
        new PipeOptions(pauseWriterThreshold: Capacity + 1, resumeWriterThreshold: Capacity / 2, useSynchronizationContext: false));

    private readonly SemaphoreSlim reading = new(1);
    private readonly SemaphoreSlim writing = new(1);
    private Stream? connection;
    private Task pumping = Task.CompletedTask;
    private int unread;
    private volatile bool isRead;
    private volatile bool isEnding;

    /// <summary>QEMU's options for the port's socket.</summary>
    public string Backend => socket.Backend;

    /// <summary>Connects to QEMU.</summary>
    /// <param name="cancellationToken">Cancels the attempt.</param>
    /// <exception cref="IOException">QEMU does not answer.</exception>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        connection = await socket.ConnectAsync(cancellationToken);
        pumping = PumpAsync(connection);
    }

    /// <inheritdoc/>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        isRead = true;
        await reading.WaitAsync(cancellationToken);
        try
        {
            ReadResult result = await received.Reader.ReadAsync(cancellationToken);
            int count = (int)Math.Min(result.Buffer.Length, buffer.Length);
            result.Buffer.Slice(0, count).CopyTo(buffer.Span);
            received.Reader.AdvanceTo(result.Buffer.GetPosition(count));
            return count;
        }
        finally
        {
            reading.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await writing.WaitAsync(cancellationToken);
        try
        {
            await (connection ?? throw HasEnded(null)).WriteAsync(bytes, cancellationToken);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            throw HasEnded(e);
        }
        finally
        {
            writing.Release();
        }
    }

    /// <summary>Closes the port, after QEMU has ended. Bytes that QEMU has sent can still be read.</summary>
    public async ValueTask DisposeAsync()
    {
        // Few bytes are left in the socket, and no more are added.
        isEnding = true;
        received.Writer.CancelPendingFlush();
        await pumping.WaitAsync(LastBytesLimit, timeProvider).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (connection is not null)
        {
            await connection.DisposeAsync();
        }

        await pumping;
        await received.Writer.CompleteAsync();
        socket.Dispose();
    }

    private async Task PumpAsync(Stream stream)
    {
        byte[] block = new byte[BlockSize];
        try
        {
            while (await stream.ReadAsync(block) is > 0 and int count)
            {
                if (!isRead)
                {
                    count = Math.Min(count, Capacity - unread);
                    unread += count;
                }

                received.Writer.Write(block.AsSpan(0, count));
                if (!isEnding)
                {
                    await received.Writer.FlushAsync();
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // QEMU has ended, or the port was closed.
        }

        await received.Writer.CompleteAsync();
    }

    private VirtualMachineException HasEnded(Exception? cause) =>
        new(VirtualMachineError.MachineNotRunning, $"'{machineName}' and its serial ports have ended.", cause);
}

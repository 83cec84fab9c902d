using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using VpcComApi.VirtualMachines.Emulated.Board;
using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.VirtualMachines.Emulated.Devices;

/// <summary>An emulated serial port. What the guest sends waits here, up to a limit; then it is lost, as on a line that nobody reads.</summary>
/// <param name="port">The port's number, 0 for COM1.</param>
/// <param name="send">Sends to the guest that runs.</param>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "A semaphore without a wait handle holds nothing.")]
internal sealed class EmulatedSerialPort(int port, Func<BoardInput, CancellationToken, Task> send) : ISerialDevice
{
    /// <summary>Messages of the guest that wait, each of at most <see cref="BoardSerial.MaxLength"/> bytes.</summary>
    private const int Capacity = 64;

    private readonly Channel<byte[]> received = Channel.CreateBounded<byte[]>(
        new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropWrite });

    private readonly SemaphoreSlim reading = new(1);
    private ReadOnlyMemory<byte> rest;

    /// <summary>The guest has sent something.</summary>
    /// <param name="data">What it sent; untrusted, and taken only within the limits.</param>
    public void Receive(byte[]? data)
    {
        if (data is { Length: > 0 and <= BoardSerial.MaxLength })
        {
            received.Writer.TryWrite(data);
        }
    }

    /// <summary>The machine has ended.</summary>
    public void Complete() => received.Writer.TryComplete();

    /// <inheritdoc/>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        await reading.WaitAsync(cancellationToken);
        try
        {
            while (rest.IsEmpty)
            {
                if (!await received.Reader.WaitToReadAsync(cancellationToken))
                {
                    return 0;
                }

                if (received.Reader.TryRead(out byte[]? next))
                {
                    rest = next;
                }
            }

            int count = Math.Min(rest.Length, buffer.Length);
            rest[..count].CopyTo(buffer);
            rest = rest[count..];
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
        for (int at = 0; at < bytes.Length; at += BoardSerial.MaxLength)
        {
            byte[] part = bytes.Slice(at, Math.Min(BoardSerial.MaxLength, bytes.Length - at)).ToArray();
            await send(new BoardInput { Serial = new BoardSerial(port, part) }, cancellationToken);
        }
    }
}

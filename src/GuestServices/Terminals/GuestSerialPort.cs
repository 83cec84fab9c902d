using System.Threading.Channels;
using VpcComApi.VirtualMachines.Emulated.Board;

namespace VpcComApi.GuestServices.Terminals;

/// <summary>
/// A serial port of an emulated guest. In each direction one message at a time is in transit, and the next one is sent when the other side
/// has announced that it is ready for it; nothing is dropped. Sending never waits: a sender calls <see cref="WaitForRoomAsync"/> first, so
/// that only its own line is blocked.
/// </summary>
/// <param name="port">The port's number, 0 for COM1.</param>
/// <param name="write">Writes to the machine's board.</param>
internal sealed class GuestSerialPort(int port, Func<BoardOutput, Task> write)
{
    /// <summary>The most bytes that may wait to be sent.</summary>
    public const int SendLimit = 64 * 1024;

    /// <summary>Messages that may wait to be read: the requested one, and one more if the request was sent before a reboot.</summary>
    private const int MaxReceived = 2;

    private readonly Channel<byte[]> received = Channel.CreateBounded<byte[]>(
        new BoundedChannelOptions(MaxReceived) { FullMode = BoundedChannelFullMode.DropWrite });

    private readonly Lock guard = new();
    private readonly List<byte> waiting = [];
    private bool isWriting;
    private bool hostIsReady;
    private TaskCompletionSource? changed;
    private ReadOnlyMemory<byte> rest;
    private bool hasAsked;

    /// <summary>The port has received something.</summary>
    /// <param name="data">What it has received.</param>
    public void Receive(byte[] data) => received.Writer.TryWrite(data);

    /// <summary>The other end has read everything.</summary>
    public void TakeReady() => Change(() => hostIsReady = true);

    /// <summary>Sends. It does not wait, and drops nothing.</summary>
    /// <param name="data">What to send.</param>
    public void Send(byte[] data) => Change(() => waiting.AddRange(data));

    /// <summary>Waits until less than <see cref="SendLimit"/> bytes wait to be sent.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask WaitForRoomAsync(CancellationToken cancellationToken) =>
        WaitUntilAsync(() => waiting.Count < SendLimit, cancellationToken);

    /// <summary>Waits until everything has been sent.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask FlushAsync(CancellationToken cancellationToken) =>
        WaitUntilAsync(() => waiting.Count == 0 && !isWriting, cancellationToken);

    /// <summary>Waits for bytes. One reader at a time.</summary>
    /// <param name="buffer">Receives them; not empty.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How many there are.</returns>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (rest.IsEmpty)
        {
            if (received.Reader.TryRead(out byte[]? next))
            {
                rest = next;
                hasAsked = false;
            }
            else if (!hasAsked)
            {
                hasAsked = true;
                await write(new BoardOutput { SerialReady = port });
            }
            else
            {
                await received.Reader.WaitToReadAsync(cancellationToken);
            }
        }

        int count = Math.Min(rest.Length, buffer.Length);
        rest[..count].CopyTo(buffer);
        rest = rest[count..];
        return count;
    }

    /// <summary>Passes the bytes to the machine, as fast as it accepts them.</summary>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await WaitUntilAsync(() => hostIsReady && waiting.Count > 0, cancellationToken);
            byte[] message;
            lock (guard)
            {
                hostIsReady = false;
                isWriting = true;
                message = [.. waiting.Take(BoardSerial.MaxLength)];
                waiting.RemoveRange(0, message.Length);
            }

            await write(new BoardOutput { Serial = new BoardSerial(port, message) });
            Change(() => isWriting = false);
        }
    }

    private async ValueTask WaitUntilAsync(Func<bool> isSo, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task change;
            lock (guard)
            {
                if (isSo())
                {
                    return;
                }

                changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                change = changed.Task;
            }

            await change.WaitAsync(cancellationToken);
        }
    }

    private void Change(Action change)
    {
        lock (guard)
        {
            change();
            changed?.SetResult();
            changed = null;
        }
    }
}

using System.Diagnostics.CodeAnalysis;
using VpcComApi.VirtualMachines.Emulated.Board;
using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.VirtualMachines.Emulated.Devices;

/// <summary>
/// An emulated serial port. Each side sends its next message only when the other one has reported that it has processed the last
/// (<see cref="BoardInput.SerialReady"/>, <see cref="BoardOutput.SerialReady"/>). So no byte is dropped, at most one message waits, and a
/// line that nobody reads blocks nothing else.
/// </summary>
/// <param name="port">The port's number, 0 for COM1.</param>
/// <param name="send">
/// Sends a message to the running guest, if the function that is passed with the message returns true at that time, which means that the
/// message is for that guest; otherwise fails with a <see cref="VirtualMachineException"/>.</param>
/// <param name="protocolViolated">Called once with the reason when a guest has violated the protocol, so that something that it sent is
/// lost.</param>
[SuppressMessage(
    "Design",
    "CA1001:Types that own disposable fields should be disposable",
    Justification = "A semaphore without a wait handle holds nothing.")]
internal sealed class EmulatedSerialPort(
    int port, Func<BoardInput, Func<bool>, CancellationToken, Task> send, Action<string> protocolViolated) : ISerialDevice
{
    /// <summary>
    /// Messages of the guest that may wait: the requested one, and one more if the request was sent before a reboot. More violate the
    /// protocol.
    /// </summary>
    private const int MaxWaitingMessages = 2;

    private readonly Lock guard = new();
    private readonly Queue<byte[]> received = new();
    private readonly SemaphoreSlim reading = new(1);
    private readonly SemaphoreSlim writing = new(1);
    private ReadOnlyMemory<byte> rest;
    private TaskCompletionSource changed = NewSignal();
    private bool guestIsUp;
    private bool guestMaySend;
    private bool guestIsReady;
    private bool hasEnded;
    private bool rulesAreBroken;

    /// <summary>Counts the guests. Reports of one guest are not valid for the next.</summary>
    private volatile int boot;

    /// <summary>Prepares for the next guest. Nothing has been sent to it or received from it.</summary>
    public void Reset() => Change(() =>
    {
        boot++;
        guestIsUp = false;
        guestMaySend = false;
        guestIsReady = false;
    });

    /// <summary>Processes a message of the guest.</summary>
    /// <param name="data">Its bytes; untrusted, and accepted only within the limits.</param>
    public void Receive(byte[]? data)
    {
        string? broken = null;
        Change(() =>
        {
            broken = data is not { Length: > 0 and <= BoardSerial.MaxLength }
                ? $"a message has {data?.Length ?? 0:N0} bytes, and not 1 to {BoardSerial.MaxLength:N0}"
                : received.Count >= MaxWaitingMessages ? "it sends without being asked"
                : null;
            if (broken is null)
            {
                received.Enqueue(data!);
                guestMaySend = false;
            }
            else if (rulesAreBroken)
            {
                broken = null;
            }
            else
            {
                rulesAreBroken = true;
            }
        });
        if (broken is not null)
        {
            protocolViolated(broken);
        }
    }

    /// <summary>
    /// The guest has processed everything that was sent to it. Its first such message means that it has booted far enough to use the port.
    /// </summary>
    public void TakeReady() => Change(() =>
    {
        guestIsUp = true;
        guestIsReady = true;
    });

    /// <summary>The machine has ended.</summary>
    public void Complete() => Change(() => hasEnded = true);

    /// <inheritdoc/>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        await reading.WaitAsync(cancellationToken);
        try
        {
            while (true)
            {
                bool ask;
                int asked;
                Task change;
                lock (guard)
                {
                    asked = boot;
                    if (rest.IsEmpty && received.TryDequeue(out byte[]? next))
                    {
                        rest = next;
                    }

                    if (!rest.IsEmpty || hasEnded)
                    {
                        return TakeRest(buffer.Span);
                    }

                    ask = guestIsUp && !guestMaySend;
                    guestMaySend |= ask;
                    change = changed.Task;
                }

                if (ask)
                {
                    await TrySendAsync(new BoardInput { SerialReady = port }, asked, () => guestMaySend = false, cancellationToken);
                }
                else
                {
                    await change.WaitAsync(cancellationToken);
                }
            }
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
            for (int at = 0; at < bytes.Length; at += BoardSerial.MaxLength)
            {
                await WritePartAsync(bytes.Slice(at, Math.Min(BoardSerial.MaxLength, bytes.Length - at)).ToArray(), cancellationToken);
            }
        }
        finally
        {
            writing.Release();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task WritePartAsync(byte[] part, CancellationToken cancellationToken)
    {
        for (bool isSent = false; !isSent;)
        {
            bool maySend;
            int ready;
            Task change;
            lock (guard)
            {
                if (hasEnded)
                {
                    throw new VirtualMachineException(
                        VirtualMachineError.MachineNotRunning, "The machine and its serial ports have ended.");
                }

                ready = boot;
                maySend = guestIsReady;
                guestIsReady = false;
                change = changed.Task;
            }

            if (maySend)
            {
                isSent = await TrySendAsync(
                    new BoardInput { Serial = new BoardSerial(port, part) }, ready, () => guestIsReady = true, cancellationToken);
            }
            else
            {
                await change.WaitAsync(cancellationToken);
            }
        }
    }

    /// <summary>Sends to a guest that has reported that it is ready, and to no other.</summary>
    /// <param name="message">The message.</param>
    /// <param name="guest">The guest, identified by <see cref="boot"/>.</param>
    /// <param name="takeBack">Restores the former state, if the wait was cancelled and the same guest is running.</param>
    /// <param name="cancellationToken">Ends the wait for room.</param>
    /// <returns>False when the guest has ended: another one boots, or the machine ends, and both are reported as a change.</returns>
    private async Task<bool> TrySendAsync(BoardInput message, int guest, Action takeBack, CancellationToken cancellationToken)
    {
        try
        {
            await send(message, () => boot == guest, cancellationToken);
            return true;
        }
        catch (VirtualMachineException)
        {
            return false;
        }
        catch (OperationCanceledException)
        {
            Change(() =>
            {
                if (boot == guest)
                {
                    takeBack();
                }
            });
            throw;
        }
    }

    private int TakeRest(Span<byte> buffer)
    {
        int count = Math.Min(rest.Length, buffer.Length);
        rest.Span[..count].CopyTo(buffer);
        rest = rest[count..];
        return count;
    }

    private void Change(Action change)
    {
        lock (guard)
        {
            change();
            changed.SetResult();
            changed = NewSignal();
        }
    }
}

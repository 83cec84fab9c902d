using System.Diagnostics.CodeAnalysis;
using VpcComApi.VirtualMachines.Emulated.Board;
using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.VirtualMachines.Emulated.Devices;

/// <summary>
/// An emulated serial port. Each side sends its next message only when the other has said that it has taken the last
/// (<see cref="BoardInput.SerialReady"/>, <see cref="BoardOutput.SerialReady"/>), so no byte is dropped, no more than a message waits
/// anywhere, and a line that nobody reads holds up nothing else.
/// </summary>
/// <param name="port">The port's number, 0 for COM1.</param>
/// <param name="send">
/// Sends to the guest that runs, when the question that goes with the message then says that it is meant for that one; fails with a
/// <see cref="VirtualMachineException"/> else.
/// </param>
/// <param name="breaksRules">Hears once how a guest has broken the rules, by which something that it sent is lost.</param>
[SuppressMessage(
    "Design",
    "CA1001:Types that own disposable fields should be disposable",
    Justification = "A semaphore without a wait handle holds nothing.")]
internal sealed class EmulatedSerialPort(
    int port, Func<BoardInput, Func<bool>, CancellationToken, Task> send, Action<string> breaksRules) : ISerialDevice
{
    /// <summary>
    /// Messages of the guest that wait: the one that was asked for, and one more when the question crosses a reboot. Others are against the
    /// rules.
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

    /// <summary>Counts the guests. What one of them has said is no word of the next.</summary>
    private volatile int boot;

    /// <summary>A guest boots next. Nothing has been sent to it or received from it.</summary>
    public void Reset() => Change(() =>
    {
        boot++;
        guestIsUp = false;
        guestMaySend = false;
        guestIsReady = false;
    });

    /// <summary>The guest has sent something.</summary>
    /// <param name="data">What it sent; untrusted, and taken only within the limits.</param>
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
            breaksRules(broken);
        }
    }

    /// <summary>
    /// The guest has taken all that it was sent. Its first message says that it has booted far enough to use the port.
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
                        VirtualMachineError.MachineNotRunning, "The machine has ended, and its serial ports with it.");
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

    /// <summary>Sends to a guest that has said that it listens, and to no other.</summary>
    /// <param name="message">What to send.</param>
    /// <param name="guest">Which guest it is, by <see cref="boot"/>.</param>
    /// <param name="takeBack">Restores what was so before, when the wait was cancelled and the same guest runs.</param>
    /// <param name="cancellationToken">Ends the wait for room.</param>
    /// <returns>False when the guest has ended: another boots, or the machine ends, and either is reported by a change.</returns>
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

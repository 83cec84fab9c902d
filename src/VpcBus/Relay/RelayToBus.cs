using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using VpcComApi.Platform.Linux;
using VpcComApi.VpcBus.Channels;

namespace VpcComApi.VpcBus.Relay;

/// <summary>One direction of a relay: from the local stream to the channel pair.</summary>
internal sealed class RelayToBus : IDisposable
{
    /// <summary>The size of one read when the bytes are dropped.</summary>
    private const int DropSize = 4096;

    /// <summary>How often to look whether a connection has delivered its last bytes.</summary>
    private static readonly TimeSpan DeliveryLook = TimeSpan.FromMilliseconds(5);

    private readonly RelayRun run;
    private readonly IDirectRelayDirection? direct;
    private readonly CancellationTokenSource stopReading;
    private readonly CancellationTokenRegistration stopDirect;

    /// <summary>Reading zero bytes from a socket waits until it has bytes; for other streams it has no effect.</summary>
    private readonly bool waitsOnEmptyRead;

    private bool localWasDrained = true;

    /// <summary>Prepares the direction.</summary>
    /// <param name="run">The relay.</param>
    /// <param name="direct">Moves the bytes directly, if possible; null if this class is to copy them.</param>
    /// <param name="stopReading">Ends the reading of the local stream. Owned by the caller.</param>
    public RelayToBus(RelayRun run, IDirectRelayDirection? direct, CancellationTokenSource stopReading)
    {
        this.run = run;
        this.direct = direct;
        waitsOnEmptyRead = run.Local is NetworkStream;
        this.stopReading = stopReading;
        stopDirect = stopReading.Token.UnsafeRegister(static direct => ((IDirectRelayDirection?)direct)?.Stop(), direct);
    }

    /// <summary>Bytes read from the local stream and written to the pair.</summary>
    public long Bytes { get; private set; }

    /// <summary>Copies until the bytes end or one side fails.</summary>
    /// <param name="fromBus">The other direction.</param>
    /// <param name="fromBusEnded">Ends with it.</param>
    public async Task RunAsync(RelayFromBus fromBus, Task fromBusEnded)
    {
        Task stopping = StopReadingWhenOutputEndsAsync();
        PipeWriter output = run.Pair.Output;
        try
        {
            await CopyAndEndAsync(output, fromBus, fromBusEnded);
        }
        catch (BusException failure)
        {
            run.Report(RelaySide.Bus, failure);
        }
        catch (OperationCanceledException) when (run.Cancellation.IsCancellationRequested)
        {
            // The failure is reported by the run. Without the reset, the other side would take the end mark for the end of complete data.
            run.AbortAsCanceled();
        }

        await output.CompleteAsync();
        await stopping;
    }

    /// <summary>Ends a read of the local stream, which may not send anything for hours.</summary>
    public Task StopReadingAsync() => stopReading.CancelAsync();

    /// <inheritdoc/>
    public void Dispose() => stopDirect.Dispose();

    private async Task CopyAndEndAsync(PipeWriter output, RelayFromBus fromBus, Task fromBusEnded)
    {
        bool dropped = false;
        bool peerStopped = false;
        bool localFailed = false;
        if (direct is null)
        {
            dropped = await CopyAsync(output);
        }
        else
        {
            DirectRelayEnd end = await direct.Ended;
            run.Cancellation.ThrowIfCancellationRequested();
            Bytes = direct.Bytes;
            peerStopped = end.Kind == DirectRelayEndKind.PeerStopped;
            localFailed = end.Kind == DirectRelayEndKind.LocalFailed;
            if (localFailed)
            {
                run.Report(RelaySide.Local, end.Failure!);
            }
        }

        if (peerStopped && BytesWaitInLocal())
        {
            // The program at its other end is still writing and learns from the close that nobody reads; but first the bytes that were
            // written to it must reach it.
            dropped = true;
            await WaitUntilDeliveredAsync(fromBusEnded);
        }
        else if (peerStopped || run.Pair.OutputCompletion.IsCompletedSuccessfully)
        {
            // Ended before this side completed it, so by the other end. That is a failure only if there were bytes left to send.
            dropped |= await DropLocalAsync(fromBusEnded);
        }

        if (dropped)
        {
            run.Report(RelaySide.Bus, new BusException(BusError.ChannelReset, $"The other end of '{run.Pair.Service}' reads no more."));
        }

        // Called in any case: the owner may need to know this moment.
        bool localGone = run.Options.LocalEnded?.Invoke() ?? run.Options.HalfCloseLocal is null;
        localGone |= localFailed;
        await output.CompleteAsync();
        await run.Pair.OutputCompletion.WaitAsync(run.Cancellation);
        if (localGone)
        {
            fromBus.StopAsLocalIsGone();
        }
    }

    /// <returns>Whether bytes were dropped because the other end reads no more.</returns>
    private async Task<bool> CopyAsync(PipeWriter output)
    {
        while (await ReadLocalAsync(output) is > 0 and int length)
        {
            output.Advance(length);
            if ((await output.FlushAsync(run.Cancellation)).IsCompleted)
            {
                return true;
            }

            Bytes += length;
        }

        return false;
    }

    /// <summary>Reads from the local stream straight into the bus's buffer.</summary>
    /// <returns>Bytes read; 0 when no more will come, for whatever reason.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> ReadLocalAsync(PipeWriter output)
    {
        try
        {
            if (localWasDrained && waitsOnEmptyRead)
            {
                // No block of the bus's buffer is used while the local stream has no bytes.
                _ = await run.Local.ReadAsync(Memory<byte>.Empty, stopReading.Token);
            }

            Memory<byte> target = output.GetMemory();
            int length = await run.Local.ReadAsync(target, stopReading.Token);
            localWasDrained = length < target.Length;
            return length;
        }
        catch (IOException reset) when (
            run.Options.ResetEndsLocal && reset.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionReset })
        {
            return 0;
        }
        catch (Exception failure)
        {
            run.Cancellation.ThrowIfCancellationRequested();
            if (!stopReading.IsCancellationRequested)
            {
                run.Report(RelaySide.Local, failure);
            }

            return 0;
        }
    }

    /// <summary>Reads the local stream to its end, for a limited time, and drops the bytes, because the bus accepts no more.</summary>
    /// <returns>Whether there were any.</returns>
    private async Task<bool> DropLocalAsync(Task fromBusEnded)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(run.Cancellation);
        Task limiting = LimitAsync();
        byte[] buffer = ArrayPool<byte>.Shared.Rent(DropSize);
        bool dropped = false;
        try
        {
            while (await run.Local.ReadAsync(buffer, limit.Token) > 0)
            {
                dropped = true;
            }
        }
        catch (Exception) when (!run.Cancellation.IsCancellationRequested)
        {
            // The stream has ended, normally or by a failure.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        await limit.CancelAsync();
        await limiting;
        return dropped;

        async Task LimitAsync()
        {
            await Task.WhenAny(fromBusEnded, Task.Delay(Timeout.InfiniteTimeSpan, limit.Token));
            if (!limit.IsCancellationRequested)
            {
                limit.CancelAfter(run.Options.LingerLimit);
            }
        }
    }

    /// <summary>
    /// Waits, for a limited time, until the local stream's other end has received everything. A Unix socket delivers what was written to it
    /// even when it is closed with unread bytes; a TCP connection is reset then, and what has not arrived is lost.
    /// </summary>
    private async Task WaitUntilDeliveredAsync(Task fromBusEnded)
    {
        if (run.Local is not NetworkStream { Socket: { AddressFamily: not AddressFamily.Unix } socket })
        {
            return;
        }

        await fromBusEnded.WaitAsync(run.Cancellation);
        long began = Environment.TickCount64;
        while (Libc.ioctl(socket.SafeHandle, Libc.SIOCOUTQ, out int onTheWay) == 0 && onTheWay > 0
            && Environment.TickCount64 - began < run.Options.LingerLimit.TotalMilliseconds)
        {
            await Task.Delay(DeliveryLook, run.Cancellation);
        }
    }

    private bool BytesWaitInLocal()
    {
        try
        {
            return ((NetworkStream)run.Local).Socket.Available > 0;
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }

    /// <summary>When the bus accepts no more bytes, ends a read of the local stream, which may not send anything for hours.</summary>
    private async Task StopReadingWhenOutputEndsAsync()
    {
        await run.Pair.OutputCompletion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await stopReading.CancelAsync();
    }
}
